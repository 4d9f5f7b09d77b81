import CCurl
import Outbound

/// One libcurl easy handle with typed options.
///
/// Used on the loop's thread only.
struct EasyHandle {
    /// libcurl's handle.
    let pointer: UnsafeMutableRawPointer

    /// Makes a handle.
    ///
    /// - Throws: ``OutboundError`` `.overloaded` when memory is short.
    init() throws(OutboundError) {
        guard let pointer = curl_easy_init() else { throw OutboundError(.overloaded, "libcurl is out of memory") }
        self.pointer = pointer
    }

    /// Sets a number or a flag.
    func set(_ option: CURLoption, _ value: Int) throws(OutboundError) {
        try check(ccurl_easy_set_long(pointer, option, value), option)
    }

    /// Sets a flag.
    func set(_ option: CURLoption, _ value: Bool) throws(OutboundError) {
        try set(option, value ? 1 : 0)
    }

    /// Sets a text, which libcurl copies; `nil` for libcurl's default.
    func set(_ option: CURLoption, _ value: String?) throws(OutboundError) {
        try check(ccurl_easy_set_pointer(pointer, option, value), option)
    }

    /// Sets a pointer, which must stay valid until the transfer has ended.
    func set(_ option: CURLoption, pointer value: UnsafeRawPointer?) throws(OutboundError) {
        try check(ccurl_easy_set_pointer(pointer, option, value), option)
    }

    /// Sets bytes, which libcurl copies.
    func set(_ option: CURLoption, blob: String) throws(OutboundError) {
        var blob = blob
        let code = blob.withUTF8 { ccurl_easy_set_blob(pointer, option, $0.baseAddress, $0.count) }
        try check(code, option)
    }

    /// Sets the body of a request, which libcurl copies.
    func set(body: [UInt8]) throws(OutboundError) {
        // Hundreds of writes are under way at once, and libcurl has 64 KiB ready for each. This is the least it takes.
        try set(CURLOPT_UPLOAD_BUFFERSIZE, 16 << 10)
        let size = CURLOPT_POSTFIELDSIZE_LARGE
        try check(ccurl_easy_set_offset(pointer, size, curl_off_t(body.count)), size)
        // libcurl takes a null pointer for "no body"; an empty body needs an address all the same.
        let code = (body.isEmpty ? [0] : body)
            .withUnsafeBytes {
                ccurl_easy_set_pointer(pointer, CURLOPT_COPYPOSTFIELDS, $0.baseAddress)
            }
        try check(code, CURLOPT_COPYPOSTFIELDS)
    }

    /// Sets a callback for data.
    func set(_ option: CURLoption, _ callback: @escaping curl_write_callback) throws(OutboundError) {
        try check(ccurl_easy_set_data_callback(pointer, option, callback), option)
    }

    /// Sets the callback that runs before each look-up of a name.
    func set(resolverStart callback: @escaping curl_resolver_start_callback) throws(OutboundError) {
        try check(ccurl_easy_set_resolver_callback(pointer, callback), CURLOPT_RESOLVER_START_FUNCTION)
    }

    /// Sets what learns of a server that asks for our certificate; it must stay valid until the transfer has ended.
    func set(certificateWatch watch: OpaquePointer?) throws(OutboundError) {
        guard let watch else { throw OutboundError(.overloaded, "libcurl is out of memory") }
        try check(ccurl_easy_set_certificate_watch(pointer, watch), CURLOPT_SSL_CTX_FUNCTION)
    }

    /// Sets how long sent bytes may go without an acknowledgement; a millisecond at least.
    func set(acknowledgementLimit limit: Duration) throws(OutboundError) {
        let milliseconds = min(max(limit / .milliseconds(1), 1), Double(Int32.max))
        let code = ccurl_easy_set_acknowledgement_limit(pointer, UInt32(milliseconds))
        try check(code, CURLOPT_SOCKOPTFUNCTION)
    }

    /// A number that libcurl knows about the transfer; `nil` if it does not.
    func number(_ info: CURLINFO) -> Int? {
        var value = 0
        return ccurl_easy_get_long(pointer, info, &value) == CURLE_OK ? value : nil
    }

    /// A time or size that libcurl knows about the transfer; `nil` if it does not.
    func offset(_ info: CURLINFO) -> Int? {
        var value: curl_off_t = 0
        return ccurl_easy_get_offset(pointer, info, &value) == CURLE_OK ? Int(value) : nil
    }

    /// A refused option is a value that libcurl cannot use, or a libcurl without what we need.
    private func check(_ code: CURLcode, _ option: CURLoption) throws(OutboundError) {
        guard code != CURLE_OK else { return }
        let detail = "libcurl option \(option.rawValue): \(String(cString: curl_easy_strerror(code)))"
        throw OutboundError(.invalidRequest, "libcurl refuses a setting of the request", detail: detail)
    }
}
