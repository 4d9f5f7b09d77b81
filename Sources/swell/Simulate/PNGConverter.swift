import Foundation
import Simulation

/// Turns SVG into PNG with `rsvg-convert`, where that is installed.
enum PNGConverter {
    /// The program, as it is looked for.
    static let program = "rsvg-convert"

    /// Writes a picture to standard output as PNG.
    ///
    /// - Throws: `SimulationError`.
    static func write(_ svg: String, with program: String = program) throws {
        guard isatty(STDOUT_FILENO) == 0 else {
            throw SimulationError("-o png writes to standard output: send it to a file with > picture.png")
        }
        let file = FileManager.default.temporaryDirectory.appending(path: "swell-\(UUID().uuidString).svg").path
        defer { try? FileManager.default.removeItem(atPath: file) }  // A leftover in a temporary folder harms nobody.
        do {
            try svg.write(toFile: file, atomically: false, encoding: .utf8)
        } catch {
            throw SimulationError("the temporary file \(file) cannot be written")
        }
        let words: [String] = [program, "--format", "png", file]
        let arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var child = pid_t()
        let failure = posix_spawnp(&child, program, nil, nil, arguments, environ)
        guard failure == 0 else {
            let hint = "install librsvg2-bin, or write -o svg"
            throw SimulationError(
                "-o png needs \(program), which cannot be run (\(String(cString: strerror(failure)))): \(hint)"
            )
        }
        var status: Int32 = 0
        while waitpid(child, &status, 0) == -1, errno == EINTR {}
        guard status == 0 else { throw SimulationError("\(program) could not draw the picture") }
    }
}
