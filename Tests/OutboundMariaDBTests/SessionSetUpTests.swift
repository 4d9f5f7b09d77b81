import Outbound
import Testing

@testable import OutboundMariaDB

@Suite struct SessionSetUpTests {
    @Test(
        arguments: [
            ("", [], nil, false), ("charset=utf8mb4,utf8", ["SET NAMES utf8mb4", "SET NAMES utf8"], nil, false),
            ("collation=latin1_swedish_ci", ["SET NAMES latin1 COLLATE latin1_swedish_ci"], nil, false),
            ("collation=binary", ["SET NAMES binary COLLATE binary"], nil, false),
            ("charset=utf8&collation=utf8_bin", ["SET NAMES utf8 COLLATE utf8_bin"], nil, false),
            ("time_zone=%27UTC%27&sql_mode=ANSI", [], "SET time_zone='UTC',sql_mode=ANSI", false),
            ("max_statement_time=5", [], "SET max_statement_time=5", true),
            ("MAX_EXECUTION_TIME=5", [], "SET MAX_EXECUTION_TIME=5", true),
        ] as [(String, [String], String?, Bool)]
    )
    func `a session begins with what the connection string wants`(
        parameters: String,
        names: [String],
        variables: String?,
        limitsTime: Bool
    ) throws {
        let setUp = SessionSetUp(try MySQLDataSource(parsing: "/d?\(parameters)"))
        #expect(setUp.names == names && setUp.variables == variables && setUp.limitsTime == limitsTime)
    }

    @Test(arguments: [
        (Duration.seconds(3), "3.0", "3000"), (.microseconds(1500), "0.002", "2"), (.zero, "0.001", "1"),
    ])
    func `each kind of server is told its limit in its own unit`(limit: Duration, seconds: String, milliseconds: String)
    {
        #expect(SessionSetUp.timeLimit(limit, isMariaDB: true) == "SET SESSION max_statement_time=\(seconds)")
        #expect(SessionSetUp.timeLimit(limit, isMariaDB: false) == "SET SESSION max_execution_time=\(milliseconds)")
    }
}
