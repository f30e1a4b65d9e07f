// Reads pages from the standard input, as JSON {name: html}, and answers with what mail
// clients do not support, as JSON {name: {feature: [clients]}}. Run where npm's caniemail is.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { text } from 'node:stream/consumers';

const require = createRequire(process.argv[2] + '/');
const { caniemail } = await import(pathToFileURL(require.resolve('caniemail')));
const pages = JSON.parse(await text(process.stdin));
const out = {};
for (const [name, html] of Object.entries(pages)) {
  const found = (out[name] = {});
  const { issues } = caniemail({ clients: ['gmail.*', 'outlook.*', 'apple-mail.*'], html });
  for (const [client, list] of issues.errors) {
    for (const issue of list) (found[issue.title] ??= []).push(client);
  }
}
console.log(JSON.stringify(out));
