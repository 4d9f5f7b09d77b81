internal import Outbound
internal import ScalerKit

/// `filePath`: a JSON file of the operator, which gives everything or nothing.
extension CredentialResolution {
    /// Takes what a file gives.
    ///
    /// - Throws: ``CredentialError``.
    mutating func takeFile(_ path: String) throws(CredentialError) {
        look(againAfter: Self.unwatched)
        resolved.texts.authentication = try CredentialFiles(root: resolver.settings.fileRoot).parameters(in: path)
    }
}
