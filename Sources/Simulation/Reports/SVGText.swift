internal import Foundation

/// The text of a picture, built piece by piece.
struct SVGText {
    /// How a text is aligned at its place.
    enum Anchor: String {
        case start, middle, end
    }

    /// What was drawn so far.
    private var body = ""

    /// The whole picture.
    ///
    /// - Parameters:
    ///   - width: in pixels.
    ///   - height: in pixels.
    ///   - title: for readers who cannot see it.
    /// - Returns: an SVG document.
    func document(_ width: Double, _ height: Double, title: String) -> String {
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="\(Self.number(width))" height="\(Self.number(height))" \
        viewBox="0 0 \(Self.number(width)) \(Self.number(height))" font-family="Helvetica, Arial, sans-serif" \
        font-size="12" role="img">
        <title>\(Self.escaped(title))</title>
        <rect width="100%" height="100%" fill="#ffffff"/>
        \(body)</svg>

        """
    }

    /// Writes a text on one line.
    mutating func write(
        _ text: String,
        _ x: Double,
        _ y: Double,
        _ anchor: Anchor = .start,
        color: String = "#333333",
        isBold: Bool = false
    ) {
        body +=
            "<text x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" text-anchor=\"\(anchor.rawValue)\" fill=\"\(color)\""
        body += isBold ? " font-weight=\"bold\">" : ">"
        body += Self.escaped(text) + "</text>\n"
    }

    /// Draws a straight line.
    mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, color: String, width: Double = 1) {
        body += "<line x1=\"\(Self.number(x1))\" y1=\"\(Self.number(y1))\" x2=\"\(Self.number(x2))\" "
        body += "y2=\"\(Self.number(y2))\" stroke=\"\(color)\" stroke-width=\"\(Self.number(width))\"/>\n"
    }

    /// Draws a filled box; the hint shows where a pointer rests on it.
    mutating func box(_ x: Double, _ y: Double, _ width: Double, _ height: Double, color: String, hint: String) {
        body += "<rect x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" width=\"\(Self.number(width))\" "
        body += "height=\"\(Self.number(height))\" fill=\"\(color)\"><title>\(Self.escaped(hint))</title></rect>\n"
    }

    /// Draws a line through points.
    mutating func path(_ points: [(x: Double, y: Double)], color: String, isDashed: Bool = false) {
        guard let first = points.first else { return }
        body += "<path fill=\"none\" stroke=\"\(color)\" stroke-width=\"1.5\""
        body += isDashed ? " stroke-dasharray=\"5 3\" d=\"" : " d=\""
        body += "M\(Self.number(first.x)) \(Self.number(first.y))"
        var last = first
        for point in points.dropFirst() where point != last {
            if point.y == last.y {
                body += "H\(Self.number(point.x))"
            } else if point.x == last.x {
                body += "V\(Self.number(point.y))"
            } else {
                body += "L\(Self.number(point.x)) \(Self.number(point.y))"
            }
            last = point
        }
        body += "\"/>\n"
    }

    /// A number with one decimal at most.
    private static func number(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(Double(tenths) / 10)"
    }

    /// A text without what XML takes for its own, or does not take at all.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case _ where scalar.value < 32 || scalar.value == 127: result += " "
            case _ where scalar.value & 0xFFFE == 0xFFFE: result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
