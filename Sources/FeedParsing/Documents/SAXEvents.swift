// What the events of the XML parser carry. The pointers are libxml2's and valid during the event
// only.

/// The attributes of a start tag, valid during the event.
struct SAXAttributes {
    let base: UnsafeMutablePointer<UnsafePointer<UInt8>?>?
    /// The number of attributes.
    let count: Int

    /// The local name of an attribute.
    func name(_ index: Int) -> Bytes { Bytes(cString: base?[index * 5]) }

    /// The prefix of an attribute, empty where it has none.
    func prefix(_ index: Int) -> Bytes { Bytes(cString: base?[index * 5 + 1]) }

    /// The value of an attribute.
    func value(_ index: Int) -> Bytes {
        guard let start = base?[index * 5 + 3], let end = base?[index * 5 + 4] else {
            return Bytes(start: nil, count: 0)
        }
        return Bytes(start: start, count: end - start)
    }

    /// The trimmed value of the attribute with a local name (in lower case) and any prefix.
    func value(named name: StaticString) -> Bytes? {
        for index in 0..<count where self.name(index).equalsIgnoringCase(name) {
            return value(index).trimmed
        }
        return nil
    }
}

extension UnsafeBufferPointer where Element == UInt8 {
    init(cString: UnsafePointer<UInt8>?) {
        guard let cString else {
            self.init(start: nil, count: 0)
            return
        }
        var length = 0
        while cString[length] != 0 { length &+= 1 }
        self.init(start: cString, count: length)
    }
}

/// The namespaces that a start tag declares, valid during the event.
struct SAXSpaces {
    let base: UnsafeMutablePointer<UnsafePointer<UInt8>?>?
    /// The number of declarations.
    let count: Int

    /// The namespace of names without prefix, or empty.
    var defaultSpace: Bytes {
        for index in 0..<count where base?[index * 2] == nil {
            return Bytes(cString: base?[index * 2 + 1])
        }
        return Bytes(start: nil, count: 0)
    }
}

/// An element's name as the document has it, valid during the event.
struct SAXName {
    let localPointer: UnsafePointer<UInt8>?
    let prefixPointer: UnsafePointer<UInt8>?
    let uriPointer: UnsafePointer<UInt8>?

    /// The name without prefix.
    var local: Bytes { Bytes(cString: localPointer) }
    /// The prefix, or empty.
    var prefix: Bytes { Bytes(cString: prefixPointer) }
    /// The namespace, or empty.
    var uri: Bytes { Bytes(cString: uriPointer) }
}
