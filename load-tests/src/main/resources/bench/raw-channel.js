// A data channel between two pages and nothing else: messages of 64 KiB, sent by a loop that keeps the
// browser's buffer filled, counted where they arrive. The pages' own signals go by the bench.
const MESSAGE = 64 * 1024;
const LOW = 1024 * 1024;
const HIGH = 4 * 1024 * 1024;

let connection;
let channel;
let arrived = 0;
let wanted = Infinity;
let all;

function begin() {
  connection = new RTCPeerConnection();
  channel = connection.createDataChannel('raw', { negotiated: true, id: 0 });
  channel.binaryType = 'arraybuffer';
  channel.bufferedAmountLowThreshold = LOW;
  channel.onmessage = ({ data }) => {
    arrived += data.byteLength;
    if (arrived >= wanted) all();
  };
}

async function described() {
  await connection.setLocalDescription();
  await new Promise((resolve) => {
    if (connection.iceGatheringState === 'complete') resolve();
    connection.onicegatheringstatechange = () => connection.iceGatheringState === 'complete' && resolve();
  });
  return connection.localDescription.toJSON();
}

export async function offer() {
  begin();
  return described();
}

export async function answer(theirs) {
  begin();
  await connection.setRemoteDescription(theirs);
  return described();
}

export async function accept(theirs) {
  await connection.setRemoteDescription(theirs);
  if (channel.readyState !== 'open') await new Promise((resolve) => (channel.onopen = resolve));
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
    if (channel.bufferedAmount > HIGH) {
      await new Promise((resolve) => channel.addEventListener('bufferedamountlow', resolve, { once: true }));
    }
    channel.send(message);
  }
}

export function close() {
  connection.close();
}
