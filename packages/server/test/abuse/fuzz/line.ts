const answered = /^43(\d+)(\[.*)$/s;

/** How long a server may say nothing. */
const patienceMs = 20_000;

/** A WebSocket that asks much at once and knows which answer is whose. */
export class Line {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<string, (reply: unknown) => void>();
  #ack = 0;
  /** Hears what is no answer, and undefined at the end. */
  #onPacket: ((packet: string | undefined) => void) | undefined;
  isOpen = true;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => this.#hear(String(data)));
    socket.addEventListener("error", () => undefined);
    socket.addEventListener("close", () => {
      this.isOpen = false;
      for (const answer of this.#waiting.values()) answer(undefined);
      this.#waiting.clear();
      this.#onPacket?.(undefined);
    });
  }

  /** Opens a connection without a session. */
  static async open(port: number): Promise<Line> {
    const line = new Line(new WebSocket(`ws://127.0.0.1:${port}/chat/socket.io/?EIO=4&transport=websocket`));
    await line.#says((packet) => packet.startsWith("0{"));
    return line;
  }

  /** Opens a session; gives false when it is refused or the connection ends. */
  async begin(): Promise<boolean> {
    return (await this.introduce('{"protocol":[1]}'))?.startsWith("42") ?? false;
  }

  /** Says who it is, and gives what is answered: the first words of a session, or a refusal. */
  introduce(json: string): Promise<string | undefined> {
    this.send(`40${json}`);
    return this.#says((packet) => packet.startsWith("44") || packet.startsWith('42["session:ready"'));
  }

  send(packet: string | Uint8Array<ArrayBuffer>): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(packet);
  }

  /** Asks and gives the answer; undefined when the connection ends before. */
  ask(name: string, json: string): Promise<unknown> {
    if (!this.isOpen) return Promise.resolve(undefined);
    this.#ack += 1;
    // Far from the numbers that packets make up.
    const ack = `${5_000_000_000 + this.#ack}`;
    return inTime(
      new Promise((resolve) => {
        this.#waiting.set(ack, resolve);
        this.send(`42${ack}[${JSON.stringify(name)},${json}]`);
      }),
      `no answer to ${name} ${json.slice(0, 500)}`,
    );
  }

  close(): void {
    this.#socket.close();
  }

  #hear(packet: string): void {
    const [, ack, json] = answered.exec(packet) ?? [];
    const answer = ack === undefined ? undefined : this.#waiting.get(ack);
    if (ack !== undefined && json !== undefined && answer !== undefined) {
      this.#waiting.delete(ack);
      const [reply]: unknown[] = JSON.parse(json);
      return answer(reply);
    }
    if (packet === "2") return this.send("3");
    this.#onPacket?.(packet);
  }

  /** Waits for a packet and gives it; undefined when the connection ends before. */
  #says(isIt: (packet: string) => boolean): Promise<string | undefined> {
    if (!this.isOpen) return Promise.resolve(undefined);
    return inTime(
      new Promise((resolve) => {
        this.#onPacket = (packet) => void ((packet === undefined || isIt(packet)) && resolve(packet));
      }),
      "the server says nothing",
    );
  }
}

/** @throws when something takes so long that it may never come */
async function inTime<T>(promise: Promise<T>, complaint: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(complaint)), patienceMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
