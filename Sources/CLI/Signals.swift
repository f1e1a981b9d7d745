import Dispatch
import Foundation
import Jobs

/// Turns SIGTERM, SIGINT and SIGHUP into a request to stop at the next place where nothing is half done.
enum Signals {
    /// Called once, from the main thread, before the work begins.
    static func raise(_ flag: StopFlag) {
        for number in [SIGTERM, SIGINT, SIGHUP] {
            let before = signal(number, SIG_IGN)
            // Under nohup the end of a terminal means nothing.
            if number == SIGHUP, Self.isIgnoring(before) { continue }
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            // The handler holds its source, so that both live as long as the process.
            source.setEventHandler { [source = source as AnyObject] in
                _ = source
                flag.raise()
            }
            source.resume()
        }
    }

    private static func isIgnoring(_ handler: sighandler_t?) -> Bool {
        unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
