// What the tests call in the page: the official client's socket, with every event kept in the order of its arrival.

class Guest {
  constructor(url, options = {}, namespace = "/") {
    this.events = [];
    this.waiting = [];
    this.answer = [];
    const settings = { forceNew: true, reconnectionDelay: 100, reconnectionDelayMax: 200, ...options };
    this.socket = io(url + (namespace === "/" ? "" : namespace), settings);
    this.listen();
  }

  // The socket of another namespace, on the same connection.
  other(namespace) {
    const guest = Object.create(Guest.prototype);
    Object.assign(guest, { events: [], waiting: [], answer: [], socket: this.socket.io.socket(namespace) });
    guest.listen();
    guest.socket.connect();
    return guest;
  }

  listen() {
    this.socket.on("connect", () => this.keep("connect", Boolean(this.socket.recovered)));
    this.socket.on("disconnect", (reason) => this.keep("disconnect", reason));
    this.socket.on("connect_error", (error) => this.keep("connect_error", error.message, error.data));
    this.socket.onAny((name, ...values) => {
      if (name === "question") values.pop()(...this.answer);
      this.keep(name, ...values);
    });
  }

  keep(...event) {
    this.events.push(event);
    const waiting = this.waiting;
    this.waiting = [];
    for (const look of waiting) look();
  }

  // The next event of that name, taken out together with those before it.
  event(name, seconds = 20) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`no ${name} within ${seconds} s, only ${this.events.map((event) => event[0])}`)),
        seconds * 1000);
      const look = () => {
        const index = this.events.findIndex((event) => event[0] === name);
        if (index < 0) return this.waiting.push(look);
        clearTimeout(timer);
        resolve(this.events.splice(0, index + 1).pop().slice(1));
      };
      look();
    });
  }

  call(name, ...values) {
    return this.socket.timeout(20000).emitWithAck(name, ...values);
  }

  transport() {
    return this.socket.io.engine.transport.name;
  }

  async reaches(name) {
    if (this.transport() !== name) await new Promise((resolve) => this.socket.io.engine.once("upgrade", resolve));
    return this.transport();
  }
}

const bytes = (...numbers) => Uint8Array.from(numbers).buffer;
const many = (count) => Uint8Array.from({ length: count }, (_, index) => (index * 7) % 256);

// Deep and strict; binary is compared by its bytes, whatever holds it.
function same(left, right) {
  const raw = (value) => value instanceof ArrayBuffer ? new Uint8Array(value)
    : ArrayBuffer.isView(value) ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : null;
  const [first, second] = [raw(left), raw(right)];
  if (first || second) {
    return Boolean(first && second) && first.length === second.length
      && first.every((byte, index) => byte === second[index]);
  }
  if (left === null || right === null || typeof left !== "object" || typeof right !== "object") return left === right;
  const names = Object.keys(left);
  return Array.isArray(left) === Array.isArray(right) && names.length === Object.keys(right).length
    && names.every((name) => same(left[name], right[name]));
}

function check(truth, what) {
  if (!truth) throw new Error(what);
}
