extension HTTPFailure: CustomStringConvertible {
    package var description: String {
        "\(source)\(page.map { ", page \($0)" } ?? ""): \(words)"
    }

    private var words: String {
        switch problem {
        case .unusableAddress: "its address cannot be used: correct it in the sources file"
        case .publicHost(let isEncrypted):
            (isEncrypted ? "'authorities'" : "an address that is not encrypted")
                + " is for loopback and private networks only, and this host has an address outside of them, or none: "
                + (isEncrypted ? "leave 'authorities' out, so that those of the system are trusted" : "write https://")
        case .unusableAuthorities:
            "the file of 'authorities' cannot be read as PEM certificates: check its path and what is in it"
        case .notLetIn(let status):
            "HTTP \(status): the server does not let the program in: check the secret under 'auth' and what it permits"
        case .refused(let status):
            "HTTP \(status), expected 200: check the address, its parameters and whether the server still serves them"
        case .otherOrigin(let reference):
            "\(reference.rawValue) leads to another scheme, host or port, which is not followed, since the secret is not meant "
                + "for it: if that is right, write its address into the sources file"
        case .tooManyRedirects(let limit):
            "more than \(limit) redirects behind each other: write the last address into the sources file"
        case .unusableReference(let reference): "\(reference.rawValue) is no http address"

        case .silent(let reason, let tries):
            "no sound answer (\(reason)) to \(tries) request\(tries == 1 ? "" : "s"): check that the server runs and can be "
                + "reached; what was read before is read again by the next pull"
        case .untrusted(let reason):
            "the server is not who it should be: \(reason): check the host, or what its certificate is; this cannot be "
                + "switched off"
        case .failing(let status, let tries):
            "HTTP \(status) to the last of \(tries) request\(tries == 1 ? "" : "s"), expected 200: the server fails or wants "
                + "a pause; run again later"
        case .longPause(let seconds, let limit):
            "the server asks for a pause of \(seconds) s, longer than the \(limit) s allowed (limits: pause_seconds): run "
                + "again later"
        case .outOfTime(let seconds):
            "the pull took longer than the \(seconds) s allowed (limits: seconds): ask for fewer days, or raise the limit"
        case .stopped: "stopped on request"

        case .unexpectedStatus(let status): "HTTP \(status), expected 200 with a body"
        case .unaskedUnchanged: "HTTP 304 (unchanged) to a request that did not ask for that, expected 200"
        case .tooLong(let limit):
            "the answer is longer than the \(limit) bytes allowed, as it came or expanded (limits: megabytes): ask for "
                + "smaller pages, or raise the limit"
        case .otherEncoding: "the answer is encoded otherwise than asked for, expected gzip or nothing"
        case .otherCharacters: "the answer says that it is in another charset, expected UTF-8"
        case .brokenCompression: "the answer is not sound gzip data"
        case .endUnknown:
            "the answer has neither a length nor chunks, so lines that are missing at its end would not be seen: the server "
                + "has to say Content-Length"
        case .secretRepeated: "the answer repeats the secret of the request, so nothing of it is stored"
        case .empty: "the answer is empty, expected JSON"
        case .page: "the answer is an HTML page, expected JSON: often that of a login or of an error"
        case .notText(let looksLike): "the answer starts like \(looksLike), expected UTF-8 text"
        case .invalidJSON(let line, let column, let found, let expected):
            "the answer is not sound JSON: line \(line), column \(column): found \(found), expected \(expected)"
        case .otherShape(let keys, let found, let expected):
            (keys.isEmpty ? "the answer is" : "at '\(keys.joined(separator: "."))' the answer has")
                + " \(found), expected \(expected): check 'records' and 'pages' against what the server answers"
        case .samePage(let other):
            "it is the same as page \(other), so the pages would never end: check 'pages' and the address"
        case .tooManyPages(let limit):
            "there are more than the \(limit) pages allowed (limits: pages): ask for fewer days, or raise the limit"
        case .tooManyRecords(let limit):
            "there are more than the \(limit) records allowed (limits: records): ask for fewer days, or raise the limit"
        case .queryRefused(let kind): "the query is refused (\(kind)): try it on the server's own page"
        case .warned: "the answer has warnings, so something may be missing in it: see what the server warns of"
        case .tooManySeries(let limit):
            "the query selects more than the \(limit) series allowed: narrow it, or add up series in it"
        case .sampleOffGrid: "a sample is not of a time that was asked for"
        }
    }
}
