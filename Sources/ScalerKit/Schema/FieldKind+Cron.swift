public import Scaling

extension FieldKind where Value == CronExpression {
    /// A five-field cron expression.
    public static var cron: FieldKind {
        FieldKind("cron expression") { text throws(FieldProblem) in
            do throws(CronError) {
                return try CronExpression(text)
            } catch {
                throw FieldProblem("must be a cron expression with five fields: \(error)")
            }
        }
    }
}

extension FieldKind where Value == CronZone {
    /// An IANA time zone.
    public static var timeZone: FieldKind {
        FieldKind("time zone") { text throws(FieldProblem) in
            do throws(CronError) {
                return try CronZone(text)
            } catch {
                throw FieldProblem("must be a time zone: \(error)")
            }
        }
    }
}
