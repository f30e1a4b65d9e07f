// What chrono-node finds in texts, for the table of scheduler/replies/when.
//
// Reads JSON lines {id, lang, text, reference, offset} from standard input, where
// reference is an RFC 3339 instant and offset the writer's minutes east of UTC, and
// writes JSON lines {id, forward, finds: [{text, start, end, from, to}]}:
// once with chrono's option forwardDate and once without.
//
//   cd bench/dates && npm install && go test -run Corpus -v ../../scheduler/replies/when
import * as chrono from "chrono-node";
import { createInterface } from "node:readline";

const parsers = { en: chrono.en.casual, "en-GB": chrono.en.GB, es: chrono.es.casual };

function find(c, forwardDate) {
  const reference = { instant: new Date(c.reference), timezone: c.offset };
  return (parsers[c.lang] ?? parsers[c.lang.slice(0, 2)]).parse(c.text, reference, { forwardDate }).map((r) => ({
    text: r.text,
    start: Buffer.byteLength(c.text.slice(0, r.index)),
    end: Buffer.byteLength(c.text.slice(0, r.index + r.text.length)),
    from: r.start.date().toISOString(),
    to: r.end ? r.end.date().toISOString() : "",
  }));
}

for await (const line of createInterface({ input: process.stdin })) {
  const c = JSON.parse(line);
  for (const forward of [false, true]) {
    process.stdout.write(JSON.stringify({ id: c.id, forward, finds: find(c, forward) }) + "\n");
  }
}
