internal import CSQLite
internal import WatchCore

/// A compiled statement of a connection, freed once, when its owner lets go of it.
///
/// Every use binds all parameters, runs, and leaves the statement ready for the next use, also
/// when it throws.
final class Statement {
    private let handle: OpaquePointer
    private let connection: Connection
    private let purpose: StaticString

    /// Takes over a statement that `connection` compiled.
    init(_ handle: OpaquePointer, of connection: Connection, purpose: StaticString) {
        self.handle = handle
        self.connection = connection
        self.purpose = purpose
    }

    deinit { sqlite3_finalize(handle) }

    /// Runs it to its first result or its end.
    func run<each Value: SQLValue>(_ values: repeat each Value) throws(StoreError) {
        defer { reset() }
        try bind(repeat each values)
        _ = try step()
    }

    /// Runs it with what `bind` binds: one value for each parameter, in order.
    ///
    /// For statements that run for each poll: it costs a fifth of a list of values of any types.
    func run(binding bind: (inout Binder) -> Void) throws(StoreError) {
        defer { reset() }
        var binder = Binder(handle)
        bind(&binder)
        guard binder.code == SQLITE_OK else { throw connection.failure(binder.code, purpose) }
        _ = try step()
    }

    /// Its first row, read by `read`; nil: no row.
    func first<Result, each Value: SQLValue>(
        _ values: repeat each Value,
        read: (borrowing Row) -> Result
    ) throws(StoreError) -> Result? {
        defer { reset() }
        try bind(repeat each values)
        return try step() ? read(Row(handle)) : nil
    }

    /// Its rows in order, until `body` says false.
    func forEach<each Value: SQLValue>(
        _ values: repeat each Value,
        while body: (borrowing Row) throws(StoreError) -> Bool
    ) throws(StoreError) {
        defer { reset() }
        try bind(repeat each values)
        while try step() {
            guard try body(Row(handle)) else { return }
        }
    }

    /// All its rows, each read by `read`.
    func all<Result, each Value: SQLValue>(
        _ values: repeat each Value,
        read: (borrowing Row) -> Result
    ) throws(StoreError) -> [Result] {
        defer { reset() }
        try bind(repeat each values)
        var results: [Result] = []
        while try step() { results.append(read(Row(handle))) }
        return results
    }

    private func bind<each Value: SQLValue>(_ values: repeat each Value) throws(StoreError) {
        var index: Int32 = 0
        var failed = SQLITE_OK
        for value in repeat each values {
            index += 1
            let code = value.bind(to: handle, at: index)
            if code != SQLITE_OK { failed = code }
        }
        guard failed == SQLITE_OK else { throw connection.failure(failed, purpose) }
    }

    private func step() throws(StoreError) -> Bool {
        let code = sqlite3_step(handle)
        if code == SQLITE_ROW { return true }
        guard code == SQLITE_DONE else { throw connection.failure(code, purpose) }
        return false
    }

    private func reset() {
        // Repeats the error of the step before, which is reported already.
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }
}

/// Binds a statement's parameters, one after the other; lives only in the closure it is lent to.
struct Binder: ~Copyable {
    private let handle: OpaquePointer
    private var index: Int32 = 0
    /// SQLite's code, of the last parameter that was refused.
    fileprivate var code = SQLITE_OK

    fileprivate init(_ handle: OpaquePointer) { self.handle = handle }

    /// Binds the next parameter to a copy of `value`.
    mutating func put(_ value: some SQLValue) {
        index += 1
        let code = value.bind(to: handle, at: index)
        if code != SQLITE_OK { self.code = code }
    }

    /// Binds the next parameter to bytes that stay where they are until the statement has run.
    mutating func put(lent bytes: UnsafeBufferPointer<UInt8>) {
        index += 1
        // Without an address SQLite would store NULL.
        let code =
            bytes.isEmpty
            ? sqlite3_bind_zeroblob(handle, index, 0)
            : sqlite3_bind_blob64(handle, index, bytes.baseAddress, UInt64(bytes.count), nil)
        if code != SQLITE_OK { self.code = code }
    }
}

/// The row a statement stands on; lives only in the closure it is lent to.
struct Row: ~Copyable {
    private let handle: OpaquePointer

    fileprivate init(_ handle: OpaquePointer) { self.handle = handle }

    /// A whole number; 0 for NULL.
    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    /// A whole number or NULL.
    func integer(orNil column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }

    /// Text; empty for NULL.
    func text(_ column: Int32) -> String {
        guard let start = sqlite3_column_text(handle, column) else { return "" }
        let count = Int(sqlite3_column_bytes(handle, column))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// Text or NULL.
    func text(orNil column: Int32) -> String? { isNull(column) ? nil : text(column) }

    /// Bytes; empty for NULL.
    func bytes(_ column: Int32) -> [UInt8] {
        guard let start = sqlite3_column_blob(handle, column) else { return [] }
        let count = Int(sqlite3_column_bytes(handle, column))
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    private func isNull(_ column: Int32) -> Bool {
        sqlite3_column_type(handle, column) == SQLITE_NULL
    }
}
