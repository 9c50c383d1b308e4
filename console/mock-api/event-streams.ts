/** Server-sent events of the mock API: numbered, and repeated to a stream that comes back. */

interface Sent {
  readonly id: number;
  readonly text: string;
}

export class EventStreams {
  private readonly controllers = new Set<ReadableStreamDefaultController<string>>();
  private readonly sent: Sent[] = [];
  /** Whether new streams are refused, as by an API that restarts. */
  refusing = false;

  /** How many pages listen. */
  get listeners(): number {
    return this.controllers.size;
  }

  /** Answers a request for the stream; what came after `lastId` is sent first. */
  open(lastId: string | null): Response {
    if (this.refusing) return new Response(null, { status: 503 });
    let own: ReadableStreamDefaultController<string> | undefined;
    const body = new ReadableStream<string>({
      start: (controller) => {
        own = controller;
        controller.enqueue(': open\n\n');
        const missed = this.sent.filter(({ id }) => lastId !== null && id > Number(lastId));
        missed.forEach(({ text }) => controller.enqueue(text));
        this.controllers.add(controller);
      },
      cancel: () => {
        if (own !== undefined) this.controllers.delete(own);
      },
    });
    return new Response(body.pipeThrough(new TextEncoderStream()), { headers: { 'content-type': 'text/event-stream' } });
  }

  /** Sends an event to everybody who listens. */
  publish(name: string, data: unknown): void {
    const id = this.sent.length + 1;
    const text = `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
    this.sent.push({ id, text });
    this.controllers.forEach((controller) => controller.enqueue(text));
  }

  /** Breaks every open stream, as a restart does. */
  close(): void {
    this.controllers.forEach((controller) => controller.close());
    this.controllers.clear();
  }
}
