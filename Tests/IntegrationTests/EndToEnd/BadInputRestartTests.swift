import Foundation
import KubeClient
import KubeModel
import Scaling
import Subprocess
import TestKit
import Testing

extension RealServers {
    /// An operator that is killed, and started anew later.
    @Suite(.serialized, .timeLimit(.minutes(5))) struct BadInputRestart {
        @Test func `an operator that was killed takes up where it was`() async throws {
            try await TestCluster.with { cluster in
                let neighbours = Neighbours(in: cluster, [])
                let names = ["steady", "asleep", "changed", "deleted"]
                try await SwellProcess.with(endedBy: .kill) {
                    for name in names {
                        try await Neighbours.deploy(name, replicas: 0, in: cluster)
                        try await Neighbours.create(name, [Neighbours.always(3)], in: cluster)
                    }
                    try await neighbours.recover(names)
                }
                let status = try await cluster.object("steady").status
                let hpa = try await cluster.hpa("steady").metadata.uid

                // What happens while nobody looks.
                try await cluster.kubectl("scale", "deployment", "asleep", "--replicas=0", "-n", cluster.namespace)
                let triggers: JSONValue = ["spec": ["triggers": [Neighbours.always(5)]]]
                _ = try await cluster.client.patch(ScaledObject.self, cluster.key("changed"), with: triggers)
                try await cluster.kubectl("delete", "scaledobject", "deleted", "--wait=false", "-n", cluster.namespace)
                try await Neighbours.deploy("born", replicas: 0, in: cluster)
                try await Neighbours.create("born", [Neighbours.always(2)], in: cluster)

                try await SwellProcess.with {
                    try await neighbours.recover(["steady", "asleep"])
                    try await neighbours.recover(["changed"], to: 5)
                    try await neighbours.recover(["born"], to: 2)
                    try await neighbours.reach("the end of what was deleted") {
                        $0["deleted"] == nil ? [] : ["deleted"]
                    }
                    #expect(try await cluster.object("steady").status == status)
                    #expect(try await cluster.hpa("steady").metadata.uid == hpa)
                }
            }
        }
    }
}
