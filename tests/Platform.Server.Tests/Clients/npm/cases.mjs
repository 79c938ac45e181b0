// Runs cases one after the other and tells of each by name how it ended.
// Standard output: [ { "name": "…", "failure": null | "…" } ]
export class Cases {
  #cases = [];

  add(name, run) {
    this.#cases.push({ name, run });
  }

  async run() {
    const results = [];
    for (const { name, run } of this.#cases) results.push({ name, failure: await failureOf(run) });
    process.stdout.write(JSON.stringify(results));
  }
}

async function failureOf(run) {
  try {
    await run();
    return null;
  } catch (failure) {
    return `${failure.status ?? ""} ${failure.message ?? JSON.stringify(failure)}\n${failure.stack ?? ""}`.trim();
  }
}

// The failure that a call must end in.
export async function refused(call) {
  try {
    await call();
  } catch (failure) {
    return failure;
  }
  throw new Error("it was not refused");
}
