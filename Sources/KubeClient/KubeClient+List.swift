public import KubeModel

/// Lists, page by page.
extension KubeClient {
    /// One page of a list.
    ///
    /// - Parameters:
    ///   - kind: what is listed.
    ///   - selection: which of them.
    ///   - limit: objects in the page; `nil` for all at once.
    ///   - token: ``Listing/next`` of the page before; `nil` for the first page.
    ///   - type: where the kind is served.
    ///   - deadline: of each attempt; the settings' own where `nil`.
    /// - Returns: the page, and the token of the next one.
    /// - Throws: ``KubeError``; `.gone` when the token is too old: the list starts over then.
    public func page<R: KubeResource>(
        _ kind: R.Type = R.self,
        _ selection: Selection = Selection(),
        limit: Int?,
        continuing token: String? = nil,
        as type: ResourceType = R.resourceType,
        within deadline: Duration? = nil
    ) async throws(KubeError) -> Listing<R> {
        let request = KubeRequest.list(
            type,
            in: selection.namespace,
            labels: selection.labels,
            fields: selection.fields,
            limit: limit,
            continuing: token,
            shape: R.shape
        )
        return try await answer(to: request, as: ListAnswer<R>.self, within: deadline).listing
    }

    /// A whole list, read in pages, all of the state that the first page shows.
    ///
    /// When the server forgets that state on the way, the list starts over; the last time in one piece.
    ///
    /// - Throws: ``KubeError``.
    public func list<R: KubeResource>(
        _ kind: R.Type = R.self,
        _ selection: Selection = Selection(),
        as type: ResourceType = R.resourceType
    ) async throws(KubeError) -> Listing<R> {
        for _ in 0..<2 {
            do {
                return try await listInPages(selection, as: type)
            } catch  where error.isGone {
                continue
            }
        }
        return try await page(R.self, selection, limit: nil, as: type)
    }

    /// All pages of one list.
    private func listInPages<R: KubeResource>(
        _ selection: Selection,
        as type: ResourceType
    ) async throws(KubeError) -> Listing<R> {
        var whole: Listing<R> = try await page(R.self, selection, limit: settings.pageSize, as: type)
        while let token = whole.next {
            let more: Listing<R> = try await page(
                R.self,
                selection,
                limit: settings.pageSize,
                continuing: token,
                as: type
            )
            whole.resourceVersion = more.resourceVersion
            whole.items += more.items
            whole.unreadable += more.unreadable
            whole.next = more.next
        }
        return whole
    }
}
