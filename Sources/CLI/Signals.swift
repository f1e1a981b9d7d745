import Dispatch
import Foundation
import Jobs

/// Turns SIGTERM and SIGINT into a request to stop at the next place where nothing is half done.
enum Signals {
    /// Called once, from the main thread, before the work begins.
    static func raise(_ flag: StopFlag) {
        for number in [SIGTERM, SIGINT] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            // The handler holds its source, so that both live as long as the process.
            source.setEventHandler { [source = source as AnyObject] in
                _ = source
                flag.raise()
            }
            source.resume()
        }
    }
}
