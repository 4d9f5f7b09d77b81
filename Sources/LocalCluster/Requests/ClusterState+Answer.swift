import Foundation
import KubeModel

extension ClusterState {
    /// Carries out one request.
    ///
    /// Afterwards whatever follows from it at once has happened too: what it owned is gone, Deployments have their
    /// pods, and so on.
    mutating func answer(_ request: APIRequest, now: Date) -> APIAnswer {
        do throws(APIFailure) {
            guard let route = Route(request.request.path, in: kinds) else { throw .noSuchPath }
            switch route {
            case .document(let document):
                guard request.request.method == .get else { throw .methodNotAllowed }
                return document.answer(kinds, accept: request.accept)
            case .resource(let target):
                return try answer(request, target, now: now)
            }
        } catch {
            return .failure(error)
        }
    }

    /// Carries out a request about objects.
    private mutating func answer(
        _ request: APIRequest,
        _ target: ResourceTarget,
        now: Date
    ) throws(APIFailure) -> APIAnswer {
        if request.request.method == .get { return try read(request, target, now: now) }
        if try request.isDryRun() {
            var copy = self
            return try copy.write(request, target, now: now)
        }
        let answer = try write(request, target, now: now)
        settle(now: now)
        return answer
    }

    /// GET: one object, a list, or a watch.
    private func read(_ request: APIRequest, _ target: ResourceTarget, now: Date) throws(APIFailure) -> APIAnswer {
        guard target.kind.review == nil else { throw .methodNotAllowed }
        if target.name == nil || request.flag("watch"), target.subresource == nil {
            return request.flag("watch")
                ? .watch(try watch(request, target)) : .json(try list(request, target, now: now))
        }
        let object = try find(target)
        if target.subresource == "scale" { return .json(try scale(of: object, target)) }
        return .json(try ObjectRenderer(target, request).object(object, now: now))
    }

    /// Everything but GET.
    private mutating func write(
        _ request: APIRequest,
        _ target: ResourceTarget,
        now: Date
    ) throws(APIFailure) -> APIAnswer {
        let renderer = try ObjectRenderer(target, request)
        switch (request.request.method, target.name, target.subresource) {
        case (.post, nil, _):
            if let review = target.kind.review { return .json(review(try request.json()), status: 201) }
            let object = try create(try request.json(), target, .update(by: request.manager), now: now)
            return .json(renderer.object(object, now: now), status: 201)
        case (.put, .some, "scale"):
            return .json(try rescale(try request.json(), target, by: request.manager, now: now))
        case (.put, .some(let name), _):
            if target.kind.createsOnUpdate, self[id(target, name)] == nil {
                let object = try create(try request.json(), target, .update(by: request.manager), now: now)
                return .json(renderer.object(object, now: now), status: 201)
            }
            let object = try replace(try request.json(), target, by: request.manager, now: now)
            return .json(renderer.object(object, now: now))
        case (.patch, .some, "scale"):
            let patched = try Patch(request, target).apply(to: try scale(of: try find(target), target), target)
            return .json(try rescale(patched, target, by: request.manager, now: now))
        case (.patch, .some, _) where request.isApply:
            let (object, isNew) = try apply(request, target, now: now)
            return .json(renderer.object(object, now: now), status: isNew ? 201 : 200)
        case (.patch, .some, _):
            return .json(renderer.object(try patch(request, target, now: now), now: now))
        case (.delete, .some, nil):
            return .json(try delete(request, target, renderer, now: now))
        case (.delete, nil, _)
        where target.kind.deletesCollections && target.kind.isNamespaced == (target.namespace != nil):
            return .json(try deleteAll(request, target, renderer, now: now))
        case (.get, _, _), (.post, .some, _), (.put, nil, _), (.patch, nil, _), (.delete, _, _):
            throw .methodNotAllowed
        }
    }

    /// Where the object of a target is.
    func id(_ target: ResourceTarget, _ name: String) -> ObjectID {
        ObjectID(kind: target.kind.id, key: target.key(name))
    }

    /// The object that a target names.
    ///
    /// - Throws: 404.
    func find(_ target: ResourceTarget) throws(APIFailure) -> JSONValue {
        let name = target.name ?? ""
        guard let object = self[id(target, name)] else { throw target.notFound(name) }
        return object
    }
}
