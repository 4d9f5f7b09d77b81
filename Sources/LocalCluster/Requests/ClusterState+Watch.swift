import KubeModel

extension ClusterState {
    /// GET with `watch=true`.
    ///
    /// - Throws: 400, 406, 422. A version that is too old is told inside the stream, as API servers do.
    func watch(_ request: APIRequest, _ target: ResourceTarget) throws(APIFailure) -> WatchMachine {
        guard !request.flag("sendInitialEvents") else {
            // What clients expect of servers without the feature; they fall back to a list.
            throw .invalidOptions([
                .forbidden(
                    "sendInitialEvents",
                    "sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled"
                )
            ])
        }
        let selection = try Selection(request, of: target)
        let start = try Self.revision(request[query: "resourceVersion"] ?? "") ?? 0
        let seconds = request[query: "timeoutSeconds"].flatMap(Int.init).map { max(0, $0) } ?? 1800
        let present = start > 0 ? [] : shelf(target.kind.id).objects.sorted { $0.key < $1.key }.map(\.value)
        return WatchMachine(
            kind: target.kind,
            view: target.view,
            selection: selection,
            renderer: try ObjectRenderer(target, request),
            initial: present.filter { selection.matches($0, target.kind, target.view) },
            from: start > 0 ? start : revision,
            sendsBookmarks: request.flag("allowWatchBookmarks"),
            duration: .seconds(seconds == 0 ? 1800 : seconds)
        )
    }
}
