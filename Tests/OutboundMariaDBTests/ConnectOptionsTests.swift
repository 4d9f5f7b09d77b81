#if MariaDB
import CMariaDB
import Outbound
import Testing

@testable import OutboundMariaDB

@Suite struct ConnectOptionsTests {
    @Test(arguments: [
        ("", false, false), ("tls=false", false, false), ("tls=preferred", true, false),
        ("tls=skip-verify", true, false),
        ("tls=true", true, true),
    ])
    func `TLS is as the connection string wants it, whatever the library has by default`(
        parameters: String,
        isUsed: Bool,
        isVerified: Bool
    ) throws {
        for byDefault in [CChar(0), 1] {
            let raw = try #require(mysql_init(nil))
            defer { mysql_close(raw) }
            _ = withUnsafePointer(to: byDefault) { mysql_options(raw, MYSQL_OPT_SSL_ENFORCE, $0) }
            _ = withUnsafePointer(to: byDefault) { mysql_options(raw, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, $0) }
            let source = try MySQLDataSource(parsing: "u@/d?\(parameters)")
            ConnectOptions(source, authorities: nil, limit: .seconds(3), addresses: 1).apply(to: raw)
            for (option, isOn) in [(MYSQL_OPT_SSL_ENFORCE, isUsed), (MYSQL_OPT_SSL_VERIFY_SERVER_CERT, isVerified)] {
                var value = CChar(-1)
                mysql_get_option(raw, option, &value)
                #expect(value == (isOn ? 1 : 0), "\(option), by default \(byDefault)")
            }
        }
    }

    @Test(arguments: [
        (Duration.seconds(3), 1, 3), (.milliseconds(2100), 1, 3), (.seconds(3), 2, 2), (.seconds(30), 16, 2),
        (.seconds(3), 16, 1), (.zero, 1, 1), (.seconds(200_000), 1, 86_400),
    ])
    func `each address gets its share of the time, in whole seconds`(limit: Duration, addresses: Int, seconds: UInt32)
        throws
    {
        let source = try MySQLDataSource(parsing: "u@/d")
        let options = ConnectOptions(source, authorities: nil, limit: limit, addresses: addresses)
        #expect(options.seconds == seconds)
    }
}
#endif
