import Outbound
import Testing

@Suite struct MySQLDataSourceTests {
    /// A source at an address, with a user and a database.
    static func source(
        _ address: MySQLDataSource.Address,
        _ user: String = "",
        _ password: Secret<String> = "",
        _ database: String = ""
    ) -> MySQLDataSource {
        var source = MySQLDataSource(address: address)
        (source.user, source.password, source.database) = (user, password, database)
        return source
    }

    /// The default server.
    static let here = MySQLDataSource.Address.tcp(host: "127.0.0.1", port: 3306)

    @Test(arguments: [
        ("/", source(here)), ("/db", source(here, "", "", "db")), ("u@/db", source(here, "u", "", "db")),
        ("u:p@tcp(db.shop:3307)/d", source(.tcp(host: "db.shop", port: 3307), "u", "p", "d")),
        ("u:p@tcp(db.shop)/d", source(.tcp(host: "db.shop", port: 3306), "u", "p", "d")),
        ("u:p@tcp/d", source(here, "u", "p", "d")), ("u:p@(h:1)/d", source(.tcp(host: "h", port: 1), "u", "p", "d")),
        ("u:p@tcp(:3307)/d", source(.tcp(host: "127.0.0.1", port: 3307), "u", "p", "d")),
        ("u:p@tcp([2001:db8::1]:3307)/d", source(.tcp(host: "2001:db8::1", port: 3307), "u", "p", "d")),
        ("u:p@tcp([::1])/d", source(.tcp(host: "::1", port: 3306), "u", "p", "d")),
        ("u:p@tcp(::1)/d", source(.tcp(host: "::1", port: 3306), "u", "p", "d")),
        ("u:p@unix(/run/mysqld/mysqld.sock)/d", source(.socket(path: "/run/mysqld/mysqld.sock"), "u", "p", "d")),
        ("u:p@unix/d", source(.socket(path: "/tmp/mysql.sock"), "u", "p", "d")),
        // The password is taken as it is, whatever is in it.
        ("u:p@s/s:%2F?&#@tcp(h)/d", source(.tcp(host: "h", port: 3306), "u", "p@s/s:%2F?&#", "d")),
        ("u:a(b)c@tcp(h)/d", source(.tcp(host: "h", port: 3306), "u", "a(b)c", "d")),
        ("u:@tcp(h)/d", source(.tcp(host: "h", port: 3306), "u", "", "d")),
        ("u:p@tcp(h)/a%2Fb", source(.tcp(host: "h", port: 3306), "u", "p", "a/b")),
        ("u:p@tcp(h)/", source(.tcp(host: "h", port: 3306), "u", "p", "")),
    ])
    func `a DSN is read as Go's driver reads it`(text: String, expected: MySQLDataSource) throws {
        #expect(try MySQLDataSource(parsing: text) == expected)
    }

    /// The default server with a database and what else is set.
    static func with(_ change: (inout MySQLDataSource) -> Void = { _ in }) -> MySQLDataSource {
        var source = source(here, "", "", "d")
        change(&source)
        return source
    }

    @Test(arguments: [
        ("tls=true", with { $0.tls = .verified }), ("tls=1", with { $0.tls = .verified }), ("tls=false", with()),
        ("tls=skip-verify", with { $0.tls = .unverified }), ("tls=Preferred", with { $0.tls = .preferred }),
        ("tls=skip-verify&allowFallbackToPlaintext=true", with { $0.tls = .preferred }),
        ("tls=true&allowFallbackToPlaintext=true", with { $0.tls = .verified }),
        ("allowNativePasswords=false", with { $0.allowsNativePasswords = false }),
        ("allowCleartextPasswords=true", with { $0.allowsCleartextPasswords = true }),
        ("allowOldPasswords=1", with { $0.allowsOldPasswords = true }),
        ("multiStatements=true", with { $0.allowsMultipleStatements = true }), ("timeout=0&readTimeout=0s", with()),
        ("timeout=5s", with { $0.timeout = .seconds(5) }),
        ("readTimeout=1m30s", with { $0.readTimeout = .seconds(90) }),
        ("writeTimeout=250ms", with { $0.writeTimeout = .milliseconds(250) }),
        ("charset=utf8mb4,utf8", with { $0.charsets = ["utf8mb4", "utf8"] }),
        ("collation=utf8mb4_bin", with { $0.collation = "utf8mb4_bin" }),
        ("parseTime=true&loc=Europe%2FParis&interpolateParams=true&checkConnLiveness=false", with()),
        ("time_zone=%27%2B00%3A00%27&x=a+b", with { $0.assignments = ["time_zone='+00:00'", "x=a b"] }),
        ("nothing&&timeout=1s", with { $0.timeout = .seconds(1) }),
    ])
    func `parameters set what they say, and others are session variables`(
        parameters: String,
        expected: MySQLDataSource
    ) throws {
        #expect(try MySQLDataSource(parsing: "/d?" + parameters) == expected)
    }

    @Test(arguments: [
        ("u:canary@tcp(h)", "no `/`"), ("canary", "no `/`"), ("mysql://u:canary@h:3306/d", "is a URI"),
        ("mysql+pymysql://u:canary@h/d", "is a URI"), ("u:canary@h:3306/d", "names no network"),
        ("u:canary@h/d", "names no network"), ("u:canary@udp(h)/d", "names no network"),
        ("u:canary/x@tcp(h)", "names no network"), ("u:canary@tcp(h/d", "without its `)`"),
        ("u:canary@tcp(h)x/d", "without its `)`"), ("u:canary@tcp(h:0)/d", "port"),
        ("u:canary@tcp(h:70000)/d", "port"), ("u:canary@tcp(h:mysql)/d", "port"),
        ("u:canary@tcp(a,b)/d", "host"), ("u:canary@tcp(h i)/d", "host"), ("u:canary@tcp(h/x)/d", "host"),
        ("u:canary@tcp(h)/d%zz", "database name"), ("u:canary@tcp(h)/d?tls=custom", "tls"),
        ("u:canary@tcp(h)/d?allowNativePasswords=yes", "`allowNativePasswords`"),
        ("u:canary@tcp(h)/d?timeout=5", "`timeout`"), ("u:canary@tcp(h)/d?readTimeout=-5s", "`readTimeout`"),
        ("u:canary@tcp(h)/d?charset=utf8%27", "`charset`"), ("u:canary@tcp(h)/d?collation=a;b", "`collation`"),
        ("u:canary@tcp(h)/d?strict=true", "`strict`"), ("u:canary@tcp(h)/d?serverPubKey=k", "`serverPubKey`"),
        ("u:canary@tcp(h)/d?a%20b=c", "whose name"), ("u:canary@tcp(h)/d?a=%zz", "`%`"),
    ])
    func `what the driver refuses is refused with a reason and without the password`(text: String, reason: String) {
        let error = #expect(throws: OutboundError.self) { try MySQLDataSource(parsing: text) }
        #expect(error?.code == .invalidRequest)
        #expect(error?.summary.contains(reason) == true)
        #expect(error.map { !$0.debugDescription.contains("canary") } == true)
    }

    @Test func `who writes a URI is shown what to write`() {
        let error = #expect(throws: OutboundError.self) { try MySQLDataSource(parsing: "mysql://u:p@h:3306/d") }
        #expect(
            error?.summary == "the connection string is a URI, which mysql does not take: "
                + "write user:password@tcp(host:3306)/database"
        )
    }
}
