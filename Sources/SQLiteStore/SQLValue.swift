internal import CSQLite
internal import FeedModel
internal import WatchCore

/// What can be bound to a parameter of a statement, which copies it.
protocol SQLValue {
    /// Binds the value and answers SQLite's code.
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32
}

extension Int64: SQLValue {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        sqlite3_bind_int64(statement, index, self)
    }
}

extension Int: SQLValue {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        Int64(self).bind(to: statement, at: index)
    }
}

/// SQLite has no unsigned numbers: the bits are kept, the order is not.
extension UInt64: SQLValue {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        Int64(bitPattern: self).bind(to: statement, at: index)
    }
}

extension Bool: SQLValue {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        (self ? 1 : 0).bind(to: statement, at: index)
    }
}

extension String: SQLValue {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        var text = self
        return text.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) {
                csqlite_bind_text(statement, index, $0.baseAddress, UInt64($0.count))
            }
        }
    }
}

extension [UInt8]: SQLValue {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        withUnsafeBytes {
            csqlite_bind_blob(statement, index, $0.baseAddress, UInt64($0.count))
        }
    }
}

extension Optional: SQLValue where Wrapped: SQLValue {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        switch self {
        case .some(let value): value.bind(to: statement, at: index)
        case .none: sqlite3_bind_null(statement, index)
        }
    }
}

extension Timestamp: SQLValue {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        milliseconds.bind(to: statement, at: index)
    }
}

extension FeedID: SQLValue {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        rawValue.bind(to: statement, at: index)
    }
}

extension TopicID: SQLValue {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        rawValue.bind(to: statement, at: index)
    }
}

extension HookID: SQLValue {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        rawValue.bind(to: statement, at: index)
    }
}

extension ItemKey: SQLValue {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        rawValue.bind(to: statement, at: index)
    }
}

extension LogStream: SQLValue {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        rawValue.bind(to: statement, at: index)
    }
}

extension DeliveryState: SQLValue {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        rawValue.bind(to: statement, at: index)
    }
}

extension Row {
    /// A moment; the epoch for NULL.
    func moment(_ column: Int32) -> Timestamp { Timestamp(milliseconds: integer(column)) }

    /// A moment or NULL.
    func moment(orNil column: Int32) -> Timestamp? {
        integer(orNil: column).map(Timestamp.init(milliseconds:))
    }
}
