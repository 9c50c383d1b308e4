/**
 * The API's event stream, `/api/v1/events`: reads it with the session's own fetch, so that an expired access cookie
 * is renewed, and resumes after the last event seen. Reconnects for ever, with growing pauses.
 *
 * Says what happened and how the connection stands; what that means for a page is the page's business.
 */

import { createParser } from 'eventsource-parser';

import { problemFrom } from './problem';
import { sessionFetch } from './session-fetch';

/** One event; `data` is the JSON the API sent, not yet looked at. */
export interface LiveEvent {
  readonly name: string;
  readonly data: unknown;
}

export interface LiveHandlers {
  readonly onEvent: (event: LiveEvent) => void;
  /** True when the stream stands, false when it broke and is being reopened. */
  readonly onConnection: (connected: boolean) => void;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** The API sends a comment every 15 s; without any byte for this long the connection is dead. */
const SILENCE_MS = 45_000;

/** Listens until the signal aborts. */
export async function listen({ onEvent, onConnection }: LiveHandlers, signal: AbortSignal): Promise<void> {
  let lastId = '';
  let pause = FIRST_PAUSE_MS;
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    try {
      await readStream(lastId, signal, {
        onOpen: () => {
          pause = FIRST_PAUSE_MS;
          onConnection(true);
        },
        onMessage: (id, event) => {
          lastId = id ?? lastId;
          onEvent(event);
        },
      });
    } catch {
      // Whatever broke the stream, the answer is the same: say so and open it again.
    }
    if (isOver()) return;
    onConnection(false);
    await wait(pause, signal);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}

interface StreamHandlers {
  readonly onOpen: () => void;
  readonly onMessage: (id: string | undefined, event: LiveEvent) => void;
}

async function readStream(lastId: string, signal: AbortSignal, handlers: StreamHandlers): Promise<void> {
  const silence = new AbortController();
  const stop = AbortSignal.any([signal, silence.signal]);
  const request = new Request(new URL('/api/v1/events', window.location.origin), {
    headers: { accept: 'text/event-stream', ...(lastId !== '' && { 'last-event-id': lastId }) },
    signal: stop,
  });
  const response = await sessionFetch(request);
  if (!response.ok || response.body === null) throw problemFrom(response, undefined);
  handlers.onOpen();
  const parser = createParser({
    onEvent: ({ id, event, data }) => handlers.onMessage(id, { name: event ?? 'message', data: parsed(data) }),
  });
  let timer = window.setTimeout(() => silence.abort(), SILENCE_MS);
  try {
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => silence.abort(), SILENCE_MS);
      parser.feed(part.value);
    }
  } finally {
    window.clearTimeout(timer);
  }
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}

function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = window.setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      window.clearTimeout(timer);
      resolve();
    });
  });
}
