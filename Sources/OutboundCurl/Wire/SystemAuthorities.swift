import CCurl
import Foundation

/// The certificates that libcurl trusts by itself.
enum SystemAuthorities {
    /// Those in the system's file, for a libcurl that has no folder of them; `nil` where it has one.
    ///
    /// Read once: such files change with the image. The seventh version of the structure has the two paths.
    static let withoutFolder: String? = {
        guard let version = curl_version_info(CURLVERSION_SEVENTH)?.pointee, version.capath == nil,
            let path = version.cainfo
        else { return nil }
        // Without the file nothing but what is added is trusted, as libcurl would have it.
        return (try? String(contentsOfFile: String(cString: path), encoding: .utf8)).map { $0 + "\n" }
    }()
}
