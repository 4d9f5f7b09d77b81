internal import Foundation

/// Where moments and values stand in one panel of a picture.
struct PlotScale {
    /// The panel's edges, in pixels.
    let left: Double, right: Double, top: Double, bottom: Double
    /// The moments at the left and right edges, in seconds since 1970.
    let start: Double, end: Double
    /// The value at the top edge; 0 stands at the bottom.
    let most: Double

    /// Where a moment stands.
    func x(_ time: Double) -> Double { left + (right - left) * (time - start) / (end - start) }

    /// Where a value stands; what is too large stands at the top.
    func y(_ value: Double) -> Double { bottom - (bottom - top) * min(max(value / most, 0), 1) }

    /// A line that holds each value until the next.
    ///
    /// No more than the first, least, most and last value of each pixel are drawn.
    ///
    /// - Parameters:
    ///   - times: rising.
    ///   - value: the value at each of their places.
    /// - Returns: corners, from the left to the right.
    /// - Complexity: O(times).
    func steps(_ times: [Double], _ value: (Int) -> Double) -> [(x: Double, y: Double)] {
        var corners: [(x: Double, y: Double)] = []
        var index = 0
        while index < times.count {
            let x = x(times[index]).rounded(.down)
            var (low, high) = (value(index), value(index))
            if let last = corners.last { corners.append((x, last.y)) }
            corners.append((x, y(low)))
            while index < times.count, self.x(times[index]).rounded(.down) == x {
                low = min(low, value(index))
                high = max(high, value(index))
                index += 1
            }
            corners += [(x, y(low)), (x, y(high)), (x, y(value(index - 1)))]
        }
        if let last = corners.last { corners.append((right, last.y)) }
        return corners
    }

    /// A round number at or above one: 1, 2, 2.5 or 5 times a power of ten.
    static func round(above value: Double) -> Double {
        guard value > 0, value.isFinite else { return 1 }
        let power = pow(10, log10(value).rounded(.down))
        return ([1, 2, 2.5, 5].map { $0 * power }.first { $0 >= value }) ?? 10 * power
    }

    /// Round moments between both edges, ten at most, such as each full hour; UTC.
    var ticks: [Double] {
        let lengths: [Double] = [
            1, 5, 15, 60, 300, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 1_209_600,
        ]
        let step = lengths.first { (end - start) / $0 <= 10 } ?? 2_419_200
        return Array(stride(from: (start / step).rounded(.up) * step, to: end, by: step))
    }
}
