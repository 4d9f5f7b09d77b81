#if MariaDB
import Crypto
import Foundation

/// MySQL's side of a connection, as far as tests need one that MariaDB does not play.
///
/// - Source: MySQL, "Client/Server Protocol".
struct MySQLOddServer {
    /// The client.
    let client: PostgresOddServer.Client
    /// Bytes that have come and are not read yet.
    private var buffer: [UInt8] = []
    /// The number of the next packet.
    private var sequence: UInt8 = 0

    /// Twenty bytes that the client mixes with its password.
    static let nonce = Array("abcdefghijklmnopqrst".utf8)

    /// Takes a connection over.
    init(_ client: PostgresOddServer.Client) {
        self.client = client
    }

    /// Sends a packet.
    mutating func send(_ contents: [UInt8]) {
        let length = UInt32(contents.count)
        client.send([UInt8(length & 255), UInt8(length >> 8 & 255), UInt8(length >> 16 & 255), sequence] + contents)
        sequence += 1
    }

    /// The next packet; `nil` when the client is gone.
    mutating func receive() -> [UInt8]? {
        while true {
            if buffer.count >= 4 {
                let length = Int(buffer[0]) | Int(buffer[1]) << 8 | Int(buffer[2]) << 16
                if buffer.count >= 4 + length {
                    sequence = buffer[3] + 1
                    defer { buffer.removeFirst(4 + length) }
                    return Array(buffer[4..<(4 + length)])
                }
            }
            let bytes = client.receive()
            guard !bytes.isEmpty else { return nil }
            buffer += bytes
        }
    }

    /// Says hello as MySQL 8 without TLS.
    mutating func greet(_ plugin: String) {
        var hello: [UInt8] = [10]
        hello += Array("8.0.36\0".utf8)
        hello += [1, 0, 0, 0]
        hello += Self.nonce[..<8]
        // LONG_PASSWORD, CONNECT_WITH_DB, PROTOCOL_41, TRANSACTIONS, SECURE_CONNECTION; PLUGIN_AUTH and its length.
        hello += [0, 0x09, 0xA2, 45, 2, 0, 0x28, 0x00, 21]
        hello += [UInt8](repeating: 0, count: 10)
        hello += Self.nonce[8...]
        hello += Array("\0\(plugin)\0".utf8)
        send(hello)
    }

    /// Lets a client in, whoever it is.
    ///
    /// - Returns: whether there was one.
    mutating func admit(_ plugin: String = "mysql_native_password") -> Bool {
        greet(plugin)
        guard receive() != nil else { return false }
        agree()
        return true
    }

    /// Says that all is well.
    mutating func agree() {
        send([0, 0, 0, 2, 0, 0, 0])
    }

    /// Answers a query with one number.
    mutating func answer(_ number: String) {
        begin(number)
        send(Self.endOfPart)
    }

    /// Answers a query with one number, after which there may be more.
    mutating func begin(_ number: String) {
        send([1])
        var column = Self.text("def")
        column += [0, 0, 0]
        column += Self.text("n")
        column += [0, 12, 63, 0, 20, 0, 0, 0, 8, 0, 0, 0, 0, 0]
        send(column)
        send(Self.endOfPart)
        send(Self.text(number))
    }

    /// The end of the columns or of the rows.
    private static let endOfPart: [UInt8] = [0xFE, 0, 0, 2, 0]

    /// A text with its length before it.
    private static func text(_ text: String) -> [UInt8] { [UInt8(text.utf8.count)] + Array(text.utf8) }

    /// What `caching_sha2_password` sends for a password.
    static func scramble(_ password: String) -> [UInt8] {
        let once = Array(SHA256.hash(data: Array(password.utf8)))
        let twice = Array(SHA256.hash(data: once))
        return zip(once, Array(SHA256.hash(data: twice + nonce))).map { $0 ^ $1 }
    }
}
#endif
