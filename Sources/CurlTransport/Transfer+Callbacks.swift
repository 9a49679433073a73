import CCurl
import Glibc
import WatchCore

// What libcurl calls during a transfer. The context is always the transfer; libcurl calls only
// from within a call that the transport makes on its queue.

/// A piece of the body.
let onBody: curl_write_callback = { bytes, _, count, context in
    guard let context else { return 0 }
    // SAFETY: `context` is the transfer, held by the transport while it is active.
    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    let piece = UnsafeRawBufferPointer(start: bytes, count: count)
    guard transfer.recorder.takeBody(piece) else { return 0 }
    if transfer.recorder.isWorthWeighing {
        let received = Int(cx_get_offset(transfer.easy, CURLINFO_SIZE_DOWNLOAD_T))
        guard transfer.recorder.weigh(received: received) else { return 0 }
    }
    return count
}

/// Some of a body that is packed, or comes in chunks, has been read.
let onProgress: curl_xferinfo_callback = { context, _, received, _, _ in
    guard let context else { return 0 }
    // SAFETY: `context` is the transfer, held by the transport while it is active.
    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    return transfer.recorder.takeRead(received: Int(received)) ? 0 : 1
}

/// A line of the header.
let onHeader: curl_write_callback = { bytes, _, count, context in
    guard let context else { return 0 }
    // SAFETY: `context` is the transfer, held by the transport while it is active.
    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    let line = UnsafeRawBufferPointer(start: bytes, count: count)
    let wasComplete = transfer.recorder.isHeaderComplete
    guard transfer.recorder.takeHeader(line) else { return 0 }
    if !wasComplete && transfer.recorder.isHeaderComplete {
        transfer.limitStalls()
        if transfer.recorder.isPacked { transfer.leavePacked() }
        if transfer.recorder.isEncoded { transfer.watchReads() }
    }
    return count
}

/// Something was said on the wire.
let onDebug: curl_debug_callback = { _, kind, bytes, count, context in
    guard let bytes, let context else { return 0 }
    // SAFETY: `context` is the transfer, held by the transport while it is active.
    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    transfer.tracer?.note(kind, UnsafeRawBufferPointer(start: bytes, count: count))
    return 0
}

/// A socket is needed, for an address that is judged here.
let onOpenSocket: curl_opensocket_callback = { context, purpose, address in
    guard let context, let address else { return cx_bad_socket }
    // SAFETY: `context` is the transfer, held by the transport while it is active.
    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    guard let bytes = SocketAddress.bytes(of: address), transfer.mayConnect(to: bytes) else {
        return cx_bad_socket
    }
    let kind = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
    let result = socket(address.pointee.family, kind, address.pointee.protocol)
    if result < 0, [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(errno) {
        transfer.connection.isShort = true
    }
    return result
}

/// A request is about to be sent, maybe over a connection of earlier.
let onRequest: curl_prereq_callback = { context, peer, _, _, _ in
    guard let context, let peer else { return CURL_PREREQFUNC_ABORT }
    // SAFETY: `context` is the transfer, held by the transport while it is active.
    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    guard let bytes = SocketAddress.bytes(of: peer), transfer.mayConnect(to: bytes) else {
        return CURL_PREREQFUNC_ABORT
    }
    return CURL_PREREQFUNC_OK
}

extension Transfer {
    /// Whether the configuration permits `address`; remembers the answer.
    fileprivate func mayConnect(to address: [UInt8]) -> Bool {
        connection.isResolved = true
        // A proxy was named by the configuration; where it leads to was judged as far as can be.
        guard ticket.request.options.usesProxy || settings.addresses.permits(address) else {
            connection.blocked = address
            return false
        }
        connection.isOpened = true
        return true
    }
}
