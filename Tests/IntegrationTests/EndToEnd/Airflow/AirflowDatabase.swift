import Foundation

/// Airflow's metadata database, as far as what scales looks at it.
struct AirflowDatabase: Sendable {
    /// Where it is.
    let backend: AirflowShape.Backend
    /// Its name, for one test.
    let name: String

    /// Makes it, with empty tables.
    static func make(_ backend: AirflowShape.Backend) async throws -> AirflowDatabase {
        let database = AirflowDatabase(backend: backend, name: "airflow_\(UUID().uuidString.lowercased().prefix(8))")
        let first = try TestServers.variable(backend == .mysql ? "MARIADB_DB" : "POSTGRES_DB")
        try await AirflowDatabase(backend: backend, name: first).run("CREATE DATABASE \(database.name)")
        let (trigger, number) =
            backend == .mysql ? ("`trigger`", "integer AUTO_INCREMENT") : ("trigger", "serial")
        try await database.run(
            """
            CREATE TABLE task_instance (id \(number) PRIMARY KEY, state varchar(20), queue varchar(256));
            CREATE TABLE \(trigger) (id \(number) PRIMARY KEY, classpath varchar(1000));
            """
        )
        return database
    }

    /// Adds work for 3 pods of a shape, and as much again that is not for them.
    func fill(for shape: AirflowShape) async throws {
        try await run(
            """
            INSERT INTO task_instance (state, queue)
            SELECT CASE WHEN i % 2 = 0 THEN 'running' ELSE 'queued' END, 'default' FROM \(numbers(40));
            INSERT INTO task_instance (state, queue) SELECT 'success', 'default' FROM \(numbers(200));
            """
        )
        if shape.isMixed {
            try await run("INSERT INTO task_instance (state, queue) SELECT 'queued', 'kubernetes' FROM \(numbers(90))")
        }
        if shape.component == .triggerer {
            try await run("INSERT INTO \(trigger) (classpath) SELECT 'x' FROM \(numbers(2500))")
        }
    }

    /// Ends all work.
    func finish() async throws {
        try await run("UPDATE task_instance SET state = 'success'; DELETE FROM \(trigger)")
    }

    /// The table that MySQL's grammar would take for something else.
    private var trigger: String { backend == .mysql ? "`trigger`" : "trigger" }

    /// A table of the numbers from 1.
    private func numbers(_ count: Int) -> String {
        switch backend {
        case .postgresql: "generate_series(1, \(count)) AS i"
        case .mysql: "(SELECT seq AS i FROM seq_1_to_\(count)) AS numbers"
        }
    }

    /// Runs statements.
    func run(_ sql: String) async throws {
        switch backend {
        case .postgresql:
            try await Command(
                program: "/usr/bin/psql",
                environment: ["PGPASSWORD": TestServers.variable("POSTGRES_PASSWORD")]
            )
            .run(
                [
                    "-v", "ON_ERROR_STOP=1", "-q", "-h", TestServers.variable("POSTGRES_HOST"),
                    "-p", TestServers.variable("POSTGRES_PORT"), "-U", TestServers.variable("POSTGRES_USER"),
                    "-d", name,
                ],
                input: sql
            )
        case .mysql:
            try await Command(
                program: "/usr/bin/mariadb",
                environment: ["MYSQL_PWD": TestServers.variable("MARIADB_PASSWORD")]
            )
            .run(
                [
                    "--no-defaults", "--protocol=tcp", "--host=\(TestServers.variable("MARIADB_HOST"))",
                    "--port=\(TestServers.variable("MARIADB_PORT"))", "--user=\(TestServers.variable("MARIADB_USER"))",
                    name,
                ],
                input: sql
            )
        }
    }

    /// What the chart puts into its Secret: the connection for Airflow, through PgBouncer or not, and that for KEDA.
    func connections(for shape: AirflowShape) throws -> (airflow: String, keda: String) {
        switch backend {
        case .postgresql:
            let user = "\(try TestServers.variable("POSTGRES_USER")):\(try TestServers.variable("POSTGRES_PASSWORD"))"
            let host = try TestServers.variable("POSTGRES_HOST")
            let direct =
                "postgresql://\(user)@\(host):\(try TestServers.variable("POSTGRES_PORT"))/\(name)?sslmode=disable"
            let pooled =
                "postgresql://\(user)@\(host):\(try TestServers.variable("PGBOUNCER_PORT"))/\(name)?sslmode=disable"
            return (shape.hasPgBouncer ? pooled : direct, direct)
        case .mysql:
            let user = "\(try TestServers.variable("MARIADB_USER")):\(try TestServers.variable("MARIADB_PASSWORD"))"
            let place = "\(try TestServers.variable("MARIADB_HOST")):\(try TestServers.variable("MARIADB_PORT"))"
            return ("mysql://\(user)@\(place)/\(name)", "\(user)@tcp(\(place))/\(name)")
        }
    }
}
