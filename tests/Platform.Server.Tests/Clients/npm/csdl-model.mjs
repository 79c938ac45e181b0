// A CSDL JSON document, asked about what it says.
export class Model {
  #document;
  #namespace;
  #schema;

  // Types may be named by the namespace or by the alias that the schema gives it: here all are named by the namespace.
  constructor(document, namespace) {
    const alias = document[namespace].$Alias;
    this.#document = JSON.parse(JSON.stringify(document), (name, value) => typeof value === "string" && name !== "$Alias" && value.startsWith(`${alias}.`) ? namespace + value.slice(alias.length) : value);
    this.#namespace = namespace;
    this.#schema = this.#document[namespace];
    this.container = this.#find(document.$EntityContainer)?.[1];
  }

  // Names of the schema, and those of the container with its name before them.
  names() {
    return Object.keys(this.#schema).filter(name => !name.startsWith("$") && !name.startsWith("@"));
  }

  // What a name means, the same for both forms: without the order of members, annotations, and what is the default anyway.
  plain(name) {
    return plain(this.#schema[name]);
  }

  type(name) {
    return this.#schema[name];
  }

  // A member of an entity type, or of one that it is based on.
  property(type, name) {
    for (let found = this.#schema[type]; found; found = this.#base(found)) if (Object.hasOwn(found, name)) return found[name];
    return undefined;
  }

  key(type) {
    for (let found = this.#schema[type]; found; found = this.#base(found)) if (found.$Key) return found.$Key;
    return undefined;
  }

  // Names of types, members, functions and sets that something speaks of and that are not there.
  danglingReferences() {
    const missing = [];
    const demand = (reference, place) => {
      if (reference === undefined || (reference.startsWith("Edm.") && /^Edm\.[A-Z]\w+$/.test(reference)) || this.#find(reference)) return;
      missing.push(`${place} → ${reference}`);
    };
    for (const name of this.names()) {
      for (const definition of [this.#schema[name]].flat()) {
        demand(definition.$BaseType, name);
        for (const parameter of definition.$Parameter ?? []) demand(parameter.$Type, `${name}(${parameter.$Name})`);
        demand(definition.$ReturnType?.$Type, `${name} returns`);
        for (const key of definition.$Key ?? []) if (typeof key === "string" && !this.property(name, key)) missing.push(`key ${key} of ${name}`);
        for (const [member, property] of members(definition)) {
          if (typeof property !== "object" || definition === this.container) continue;
          demand(property.$Type, `${name}.${member}`);
          for (const [from, to] of Object.entries(property.$ReferentialConstraint ?? {}).filter(([from]) => !from.includes("@"))) {
            if (!this.property(name, from)) missing.push(`${name}.${member}: ${from}`);
            if (!this.property(local(property.$Type), to)) missing.push(`${name}.${member}: ${property.$Type}.${to}`);
          }
        }
      }
    }
    for (const [name, child] of members(this.container)) {
      demand(child.$Type ?? child.$Function ?? child.$Action, `container ${name}`);
      if (child.$EntitySet && !this.container[child.$EntitySet]) missing.push(`${name}: set ${child.$EntitySet}`);
      for (const [path, set] of Object.entries(child.$NavigationPropertyBinding ?? {})) {
        if (!this.container[set]) missing.push(`${name}: ${path} in set ${set}`);
      }
    }
    return missing;
  }

  // Navigation properties of tables without a partner, with one that does not lead back, or with none or a wrong binding.
  brokenNavigations() {
    const broken = [];
    for (const [name, set] of members(this.container)) {
      if (!set.$Collection) continue;
      for (let type = this.#schema[local(set.$Type)]; type; type = this.#base(type)) {
        for (const [member, link] of members(type)) {
          if (link.$Kind !== "NavigationProperty" || link.$ContainsTarget) continue;
          const target = this.property(local(link.$Type), link.$Partner ?? "");
          if (isMetadata(link.$Type) || isMetadata(set.$Type)) continue;
          if (!target) broken.push(`${set.$Type}.${member} has no partner`);
          else if (target.$Partner !== member || !this.#isOrBases(set.$Type, target.$Type)) broken.push(`${set.$Type}.${member} ↔ ${link.$Type}.${link.$Partner} does not lead back`);
          const bound = set.$NavigationPropertyBinding?.[member];
          if (!bound || this.container[bound]?.$Type !== link.$Type) broken.push(`${name}/${member} is bound to ${bound}`);
        }
      }
    }
    return broken;
  }

  #isOrBases(type, base) {
    for (let name = type; name; name = this.#schema[local(name)]?.$BaseType) if (name === base) return true;
    return false;
  }

  #base(type) {
    return type.$BaseType ? this.#schema[local(type.$BaseType)] : undefined;
  }

  #find(reference) {
    const at = reference.lastIndexOf(".");
    const [schema, name] = [reference.slice(0, at), reference.slice(at + 1)];
    const found = schema === this.#namespace || schema === this.#schema.$Alias ? this.#schema : this.#document[schema];
    return found && Object.hasOwn(found, name) ? [name, found[name]] : undefined;
  }
}

const local = reference => reference.slice(reference.lastIndexOf(".") + 1);
const isMetadata = type => /Metadata(Base)?$|OptionSet/.test(type);
const members = definition => Object.entries(definition).filter(([name, member]) => !name.startsWith("$") && !name.includes("@") && member !== null && typeof member === "object");

function plain(value) {
  if (Array.isArray(value)) return value.map(plain).sort((one, other) => JSON.stringify(one).localeCompare(JSON.stringify(other)));
  if (value === null || typeof value !== "object") return value;
  const defaults = { $Type: "Edm.String", $Nullable: false, $Collection: false, $MaxLength: "max", $Scale: 0, $Unicode: true };
  // Of the items of a collection XML need not say it, and then nothing follows.
  if (value.$Collection) value = { ...value, $Nullable: undefined };
  return Object.fromEntries(Object.entries(value).filter(([name, member]) => member !== undefined && !name.includes("@") && defaults[name] !== member).sort(([one], [other]) => one < other ? -1 : 1).map(([name, member]) => [name, plain(member)]));
}
