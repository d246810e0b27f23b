/** One flight as the public record has it; times are local to the record and read as UTC. */
export interface Flight {
  departedMs: number;
  delayMinutes: number;
  distanceMiles: number;
  origin: string;
  destination: string;
}

export interface FlightFeatures {
  distance: number;
  origin: string;
  destination: string;
  departure_hour: number;
  is_weekend: boolean;
  /** Mean arrival delay, in minutes, of the flights that landed at the origin in the two hours before; null without any. */
  inbound_delay: number | null;
}

export interface FlightPrediction {
  kind: "prediction";
  timeMs: number;
  id: string;
  flight: Flight;
  features: FlightFeatures;
  /** When the newest flight behind inbound_delay landed. */
  inboundAtMs: number | null;
}

export interface FlightLabel {
  kind: "label";
  timeMs: number;
  id: string;
  isLate: boolean;
}

export type FlightEvent = FlightPrediction | FlightLabel;

export const lateFromMinutes = 15;

const minuteMs = 60_000;
const inboundWindowMs = 120 * minuteMs;

/** When a flight lands: a cruise of 450 miles an hour, half an hour of taxi and climb, and its delay. */
export function landedMs(flight: Flight): number {
  const airMinutes = flight.distanceMiles / 7.5 + 30;
  return flight.departedMs + Math.max(10, airMinutes + flight.delayMinutes) * minuteMs;
}

/** Ids that are the same however often the demo is loaded: the departure (as in UUIDv7), then the flight's place in the record. */
export function flightId(timeMs: number, ordinal: number): string {
  const time = timeMs.toString(16).padStart(12, "0");
  const tail = ordinal.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${tail}`;
}

interface Landing {
  timeMs: number;
  delayMinutes: number;
}

/** Turns flights, in order of departure, into what a service would have logged: a prediction at departure, with only
 *  what was known then, and a label at landing. Labels come out in order of landing, between the predictions. */
export class FlightReplay {
  #pending: { timeMs: number; id: string; flight: Flight }[] = [];
  #landings = new Map<string, Landing[]>();
  readonly #shiftMs: number;

  constructor(shiftMs: number) {
    this.#shiftMs = shiftMs;
  }

  /** What happens when `flight`, the record's `ordinal`-th, departs; first the landings before it. */
  *depart(flight: Flight, ordinal: number): Generator<FlightEvent> {
    yield* this.landUntil(flight.departedMs);
    const inbound = this.#inboundAt(flight.origin, flight.departedMs);
    const id = flightId(flight.departedMs + this.#shiftMs, ordinal);
    const departed = new Date(flight.departedMs);
    const day = departed.getUTCDay();
    yield {
      kind: "prediction",
      timeMs: flight.departedMs + this.#shiftMs,
      id,
      flight,
      features: {
        distance: flight.distanceMiles,
        origin: flight.origin,
        destination: flight.destination,
        departure_hour: departed.getUTCHours(),
        is_weekend: day === 0 || day === 6,
        inbound_delay: inbound === null ? null : inbound.meanDelay,
      },
      inboundAtMs: inbound === null ? null : inbound.newestMs + this.#shiftMs,
    };
    this.#push({ timeMs: landedMs(flight), id, flight });
  }

  /** Everything that lands before `timeMs` of the record. */
  *landUntil(timeMs: number): Generator<FlightLabel> {
    for (
      let next = this.#pending[0];
      next !== undefined && next.timeMs <= timeMs;
      next = this.#pending[0]
    ) {
      this.#pop();
      const list = this.#landings.get(next.flight.destination) ?? [];
      list.push({ timeMs: next.timeMs, delayMinutes: next.flight.delayMinutes });
      this.#landings.set(next.flight.destination, list);
      yield {
        kind: "label",
        timeMs: next.timeMs + this.#shiftMs,
        id: next.id,
        isLate: next.flight.delayMinutes >= lateFromMinutes,
      };
    }
  }

  #inboundAt(airport: string, timeMs: number): { meanDelay: number; newestMs: number } | null {
    const list = this.#landings.get(airport);
    if (list === undefined) return null;
    const firstFresh = list.findIndex((landing) => landing.timeMs > timeMs - inboundWindowMs);
    if (firstFresh === -1) {
      this.#landings.delete(airport);
      return null;
    }
    if (firstFresh > 0) list.splice(0, firstFresh);
    const total = list.reduce((sum, landing) => sum + landing.delayMinutes, 0);
    return {
      meanDelay: Math.round((total / list.length) * 100) / 100,
      newestMs: list.at(-1)?.timeMs ?? timeMs,
    };
  }

  // A binary heap by landing time: some thousand flights are in the air at once.
  #push(item: { timeMs: number; id: string; flight: Flight }): void {
    const heap = this.#pending;
    heap.push(item);
    let child = heap.length - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || above.timeMs <= item.timeMs) break;
      heap[child] = above;
      heap[parent] = item;
      child = parent;
    }
  }

  #pop(): void {
    const heap = this.#pending;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let parent = 0;
    for (;;) {
      const left = 2 * parent + 1;
      const leftItem = heap[left];
      if (leftItem === undefined) break;
      const rightItem = heap[left + 1];
      const isRight = rightItem !== undefined && rightItem.timeMs < leftItem.timeMs;
      const child = isRight ? left + 1 : left;
      const childItem = isRight ? rightItem : leftItem;
      if (childItem === undefined || childItem.timeMs >= last.timeMs) break;
      heap[parent] = childItem;
      parent = child;
    }
    heap[parent] = last;
  }
}
