// Asks how a claim stands, tries to judge, and prints the answer in short as JSON.
//
// node ask.js CLAIM, in the project's folder; the server and the key come from
// SECONDSOURCE_ADDR and SECONDSOURCE_TOKEN_FILE. docs/clients/node.md explains it.
const fs = require('fs');
const { promisify } = require('util');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const api = grpc.loadPackageDefinition(loader.loadFileDescriptorSetFromBuffer(fs.readFileSync('proto/secondsource.binpb'),
  { keepCase: true, longs: Number, enums: String, defaults: true, oneofs: true })).secondsource.v1;

const metadata = new grpc.Metadata();
metadata.set('authorization', 'Bearer ' + fs.readFileSync(process.env.SECONDSOURCE_TOKEN_FILE, 'utf8').trim());

async function call(service, method, request) {
  const stub = new api[service](process.env.SECONDSOURCE_ADDR, grpc.credentials.createInsecure());
  try {
    return await promisify(stub[method].bind(stub))(request, metadata, { deadline: Date.now() + 30000 });
  } finally {
    stub.close();
  }
}

async function main() {
  const { corroboration: a } = await call('CorroborationService', 'Corroborate', { claim_text: process.argv[2] });
  const claims = a.origins.flatMap((o) => o.evidence.map((e) => e.claim.name));
  let refused = 'nothing';
  try {
    await call('EditorialService', 'JoinOrigins', { assertion: claims[0], with: claims[claims.length - 1], reason: 'to see whether a reader may' });
  } catch (e) {
    refused = grpc.status[e.code];
  }
  console.log(JSON.stringify({
    verdict: a.verdict,
    supporting: [a.independent_origins_min, a.independent_origins_max],
    refuting: [a.refuting_origins_min, a.refuting_origins_max],
    origins: a.origins.map((o) => ({ name: o.display_name, stance: o.stance, evidence: o.evidence.map((e) =>
      ({ claim: e.claim.name, publisher: e.document.publisher, text: e.excerpt.text })) })),
    refused,
  }));
}

main().catch((e) => {
  console.error(String(e));
  process.exit(1);
});
