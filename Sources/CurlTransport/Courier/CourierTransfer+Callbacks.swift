import CCurl
import Glibc

// What libcurl calls while a message is on its way. The context is always the transfer; libcurl
// calls only from within a call that the courier makes on its queue.

private func transfer(_ context: UnsafeMutableRawPointer) -> CourierTransfer {
    // SAFETY: `context` is the transfer, which the courier holds while libcurl works on it.
    Unmanaged<CourierTransfer>.fromOpaque(context).takeUnretainedValue()
}

/// A piece of the answer's body.
let onCourierBody: curl_write_callback = { bytes, _, count, context in
    guard let context else { return 0 }
    let piece = UnsafeRawBufferPointer(start: bytes, count: count)
    return transfer(context).recorder.takeBody(piece) ? count : 0
}

/// A line of the answer's header, or one that the mail server said.
let onCourierHeader: curl_write_callback = { bytes, _, count, context in
    guard let context else { return 0 }
    let line = UnsafeRawBufferPointer(start: bytes, count: count)
    return transfer(context).recorder.takeHeader(line) ? count : 0
}

/// The next piece of the letter is wanted.
let onCourierUpload: curl_read_callback = { room, size, count, context in
    guard let context, let room else { return 0 }
    let buffer = UnsafeMutableRawBufferPointer(start: room, count: size * count)
    return transfer(context).upload(to: buffer)
}

/// A socket is needed, for an address that is judged here.
let onCourierOpenSocket: curl_opensocket_callback = { context, purpose, address in
    guard let context, let address, let bytes = SocketAddress.bytes(of: address),
        transfer(context).mayConnect(to: bytes)
    else { return cx_bad_socket }
    let kind = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
    return socket(address.pointee.family, kind, address.pointee.protocol)
}

/// A message is about to be sent, maybe over a connection of earlier.
let onCourierRequest: curl_prereq_callback = { context, peer, _, _, _ in
    guard let context, let peer, let bytes = SocketAddress.bytes(of: peer),
        transfer(context).mayConnect(to: bytes)
    else { return CURL_PREREQFUNC_ABORT }
    return CURL_PREREQFUNC_OK
}
