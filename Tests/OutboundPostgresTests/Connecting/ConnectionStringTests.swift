import Outbound
import Testing

@testable import OutboundPostgres

@Suite struct ConnectionStringTests {
    /// The keywords of libpq 15 that the tests use.
    static let known: Set<String> = [
        "host", "hostaddr", "port", "user", "password", "dbname", "sslmode", "sslrootcert", "sslcert", "sslkey",
        "sslpassword", "sslsni", "passfile", "service", "options", "application_name", "client_encoding",
        "target_session_attrs", "connect_timeout", "gssencmode", "keepalives_idle", "channel_binding",
    ]

    /// Parses with those keywords.
    static func parse(_ text: String, _ environment: [String: String] = [:]) throws(OutboundError) -> ConnectionString {
        try ConnectionString(parsing: text, environment: environment, known: known)
    }

    /// What a text says beside what we always add.
    struct Reading: Sendable, CustomTestStringConvertible {
        let text: String
        let hosts: [String]
        let settings: [String: String]

        init(_ text: String, _ hosts: [String], _ settings: [String: String] = [:]) {
            (self.text, self.hosts, self.settings) = (text, hosts, settings)
        }

        var testDescription: String { text }
    }

    @Test(arguments: [
        // URIs, with each part left out once.
        Reading("postgres://", [""]),
        Reading("postgresql://db", ["db"]),
        Reading("postgresql://db:5433", ["db:5433"]),
        Reading("postgresql://db:", ["db"]),
        Reading("postgresql://db/jobs", ["db"], ["dbname": "jobs"]),
        Reading("postgresql://db/", ["db"]),
        Reading("postgresql:///jobs", [""], ["dbname": "jobs"]),
        Reading("postgresql://me@db", ["db"], ["user": "me"]),
        Reading("postgresql://me:@db", ["db"], ["user": "me"]),
        Reading("postgresql://me:pw@db/jobs", ["db"], ["user": "me", "password": "pw", "dbname": "jobs"]),
        Reading("  postgresql://db  \n", ["db"]),
        Reading("POSTGRES://db", ["db"]),
        // SQLAlchemy and its drivers.
        Reading("postgresql+psycopg2://me:pw@db/jobs", ["db"], ["user": "me", "password": "pw", "dbname": "jobs"]),
        Reading("postgres+asyncpg://db/jobs?ssl=require", ["db"], ["dbname": "jobs", "sslmode": "require"]),
        Reading("postgresql+asyncpg://db?prepared_statement_cache_size=0", ["db"]),
        Reading("postgresql://db?ssl=true", ["db"], ["sslmode": "require"]),
        Reading("postgresql://db?ssl=true&sslmode=disable", ["db"], ["sslmode": "disable"]),
        // Special characters.
        Reading(
            "postgres://a%40b:p%2Fw%3F%25@db/j%20b",
            ["db"],
            ["user": "a@b", "password": "p/w?%", "dbname": "j b"]
        ),
        Reading("postgres://me:p@ss@db/jobs", ["db"], ["user": "me", "password": "p@ss", "dbname": "jobs"]),
        Reading("postgres://me:p:w@db", ["db"], ["user": "me", "password": "p:w"]),
        Reading("postgres://me:a+b#c@db", ["db"], ["user": "me", "password": "a+b#c"]),
        Reading("postgres://me:%C3%A9@db", ["db"], ["user": "me", "password": "é"]),
        Reading(
            "postgres://db/jobs?application_name=a+b%2Bc",
            ["db"],
            ["dbname": "jobs", "application_name": "a b+c"]
        ),
        Reading("postgres://db?user=me@tenant", ["db"], ["user": "me@tenant"]),
        // Hosts.
        Reading("postgres://[::1]:5433/jobs", ["::1:5433"], ["dbname": "jobs"]),
        Reading("postgres://[fe80::1%25eth0]", ["fe80::1%eth0"]),
        Reading("postgres://a,b:1,[::1]:2", ["a", "b:1", "::1:2"]),
        Reading("postgres://%2Ftmp%2Fpg/jobs", ["/tmp/pg"], ["dbname": "jobs"]),
        Reading("postgres:///jobs?host=/tmp/pg&port=5433", ["/tmp/pg:5433"], ["dbname": "jobs"]),
        Reading("postgres://db?host=other", ["other"]),
        Reading("postgres://a,b?port=1", ["a:1", "b:1"]),
        Reading("host=a,b hostaddr=10.0.0.1,", ["a=10.0.0.1", "b"]),
        Reading("hostaddr=10.0.0.1", ["=10.0.0.1"]),
        // Keyword lists.
        Reading("", [""]),
        Reading(
            "host=db port=5433 user=me password=pw dbname=jobs",
            ["db:5433"],
            ["user": "me", "password": "pw", "dbname": "jobs"]
        ),
        Reading("host = db\tuser= me\npassword ='p w'", ["db"], ["user": "me", "password": "p w"]),
        Reading(#"host=db password='it\'s a \\'"#, ["db"], ["password": #"it's a \"#]),
        Reading(#"host=db password=it\'s\ a"#, ["db"], ["password": "it's a"]),
        Reading("host=db password=''", ["db"]),
        Reading("host=db password= user=me", ["db"], ["password": "user=me"]),
        Reading("host=db database=jobs", ["db"], ["dbname": "jobs"]),
        Reading("host=a host=b", ["b"]),
        Reading("password=a://b host=db", ["db"], ["password": "a://b"]),
        // Drivers' own settings say nothing to the server.
        Reading("postgres://db?default_query_exec_mode=simple_protocol&statement_cache_capacity=0", ["db"]),
        Reading("postgres://db?description_cache_capacity=0&pool_max_conns=9&pool_min_conns=1", ["db"]),
        Reading("postgres://db?sslnegotiation=postgres&load_balance_hosts=random", ["db"]),
        // What only the server knows.
        Reading("postgres://db?search_path=a,b", ["db"], ["options": "-c search_path=a,b"]),
        Reading(
            "host=db statement_timeout=5s work_mem=1MB",
            ["db"],
            ["options": "-c statement_timeout=5s -c work_mem=1MB"]
        ),
        Reading(#"host=db my.setting='a b\\c'"#, ["db"], ["options": #"-c my.setting=a\ b\\c"#]),
        Reading("postgres://db?options=-c%20geqo%3Doff&role=x", ["db"], ["options": "-c geqo=off -c role=x"]),
        Reading("host=db client_encoding=latin1", ["db"]),
    ])
    func `a connection string is read as libpq and pgx read it`(expected: Reading) throws {
        let read = try Self.parse(expected.text)
        let hosts = read.endpoints.map { endpoint in
            (endpoint.host ?? "") + (endpoint.address.map { "=\($0)" } ?? "") + (endpoint.port.map { ":\($0)" } ?? "")
        }
        #expect(hosts == expected.hosts)
        let always = ["client_encoding": "UTF8", "gssencmode": "disable"].merging(ConnectionSettings.ours) { $1 }
        read.parameters.withValue { #expect($0 == expected.settings.merging(always) { given, _ in given }) }
    }

    @Test(arguments: [
        "mysql://me:canary@db/jobs",
        "postgresql+a+b://me:canary@db",
        "canary",
        "host=db canary",
        "=canary",
        "host=db password='canary",
        "postgres://me:canary%zz@db",
        "postgres://me:canary%4",
        "postgres://me:canary%00@db",
        "postgres://me:canary%ff@db",
        "postgres://me:can/canary@db/jobs",
        "postgres://me:canary/x@db/jobs",
        "postgres://me:1?canary@db/jobs",
        "postgres://me:canary?x@db/jobs",
        "postgres://[canary",
        "postgres://[::1]canary",
        "postgres://db:canary",
        "postgres://db:0",
        "postgres://db:65536",
        "postgres://db:-1",
        "postgres://db?canary",
        "postgres://db?=canary",
        "postgres://a,b?port=1,2,3",
        "host=a,b hostaddr=10.0.0.1",
        "host=db sslmode=canary",
        "host=db ssl=canary",
        "host=db connect_timeout=canary",
        "host=db connect_timeout=99999999999",
        "postgres://db?can%20ary=1",
        "postgres://db?a-b=canary",
        "host=db require_auth=canary",
        "host=db sslnegotiation=direct",
        "host=db\0canary",
        "host=" + String(repeating: "canary,", count: 40),
    ])
    func `a string that makes no sense is refused without repeating it`(text: String) {
        let error = #expect(throws: OutboundError.self) { _ = try Self.parse(text) }
        #expect(error?.code == .invalidRequest)
        #expect(error?.isRetryable == false)
        #expect(error?.debugDescription.contains("canary") == false)
    }

    @Test func `the environment stands in for what is missing`() throws {
        let environment = [
            "PGHOST": "a,b", "PGPORT": "1,2", "PGCONNECT_TIMEOUT": "7", "PGTARGETSESSIONATTRS": "standby",
            "PGUSER": "me",
        ]
        let read = try Self.parse("dbname=jobs", environment)
        #expect(read.endpoints == [.init(host: "a", port: "1"), .init(host: "b", port: "2")])
        #expect(read.attemptLimit == .seconds(7))
        #expect(read.passes == ["standby"])
        let own = try Self.parse("host=c port=3 connect_timeout=0 target_session_attrs=any", environment)
        #expect(own.endpoints == [.init(host: "c", port: "3")])
        #expect(own.attemptLimit == nil)
        #expect(own.passes == ["any"])
    }

    @Test func `a service file decides on hosts that are not given`() throws {
        #expect(try Self.parse("service=jobs", ["PGHOST": "a"]).endpoints.isEmpty)
        #expect(try Self.parse("", ["PGSERVICE": "jobs"]).endpoints.isEmpty)
        #expect(try Self.parse("service=jobs host=b").endpoints == [.init(host: "b")])
    }

    @Test func `a standby is preferred in two passes`() throws {
        #expect(try Self.parse("target_session_attrs=prefer-standby").passes == ["standby", "any"])
        #expect(try Self.parse("").passes == [nil])
    }

    @Test(arguments: [
        ("statement_timeout=5s", true), ("options='-c statement_timeout=0'", true), ("options='-c geqo=off'", false),
        ("", false),
    ])
    func `a statement timeout of the user's own is seen`(text: String, expected: Bool) throws {
        #expect(try Self.parse(text).setsStatementTimeout == expected)
    }

    @Test func `what the user sets is not replaced`() throws {
        let read = try Self.parse("gssencmode=prefer keepalives_idle=5")
        read.parameters.withValue {
            #expect($0["gssencmode"] == "prefer")
            #expect($0["keepalives_idle"] == "5")
        }
        try Self.parse("", ["PGGSSENCMODE": "prefer"]).parameters.withValue { #expect($0["gssencmode"] == nil) }
    }

    @Test func `nothing of it can be printed`() throws {
        let read = try Self.parse("postgres://me:canary@db/jobs")
        #expect(!"\(read)".contains("canary"))
        #expect(!String(reflecting: read).contains("canary"))
    }

    @Test func `every prefix and every change of a byte is read or refused, never more`() {
        let text = Array("postgresql+x://u%41:p@[::1]:5,h/db?a=b&options=-c%20x'\\ =y".utf8)
        for length in 0...text.count {
            _ = try? Self.parse(String(decoding: text[..<length], as: UTF8.self))
        }
        for index in text.indices {
            for byte in Array("\0\t %'/:=?@[]\\&+,#-0aé".utf8) + [0x7F, 0xFF] {
                var changed = text
                changed[index] = byte
                _ = try? Self.parse(String(decoding: changed, as: UTF8.self))
                _ = try? Self.parse("host=" + String(decoding: changed[13...], as: UTF8.self))
            }
        }
    }

    @Test func `the libpq at hand knows the keywords that we use`() {
        #expect(LibPQ.keywords.isSuperset(of: Self.known))
        #expect(LibPQ.keywords.isSuperset(of: ConnectionSettings.ours.keys))
    }
}
