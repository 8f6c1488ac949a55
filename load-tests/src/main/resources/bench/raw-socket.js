// A WebSocket to a relay and nothing else: messages of 64 KiB, sent by a loop that keeps the browser's
// buffer filled, counted where they arrive.
const MESSAGE = 64 * 1024;
const HIGH = 4 * 1024 * 1024;

let socket;
let arrived = 0;
let wanted = Infinity;
let all;

export async function open(address) {
  socket = new WebSocket(address);
  socket.binaryType = 'arraybuffer';
  socket.onmessage = ({ data }) => {
    arrived += data.byteLength;
    if (arrived >= wanted) all();
  };
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = () => reject(new Error('no relay'));
  });
}

/** Resolves when so many bytes have come. */
export async function receive(bytes) {
  arrived = 0;
  wanted = bytes;
  await new Promise((resolve) => (all = resolve));
}

export async function send(bytes) {
  const message = new Uint8Array(MESSAGE);
  for (let sent = 0; sent < bytes; sent += MESSAGE) {
    while (socket.bufferedAmount > HIGH) await new Promise((resolve) => setTimeout(resolve, 1));
    socket.send(message);
  }
}

export function close() {
  socket.close();
}
