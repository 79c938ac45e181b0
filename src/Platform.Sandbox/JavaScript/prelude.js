// Runs once in every fresh engine, before the script: builds `context` and `EntityRecord` on top of one host function,
// then locks what could compile text. Values cross as JSON only (Protocol/PROTOCOL.md, "Values").
// Plain ES5, so that any engine can take it.
(function (global) {
  'use strict';
  var host = global.__host, parse = JSON.parse, stringify = JSON.stringify, owns = Object.prototype.hasOwnProperty;
  var EMPTY = '00000000-0000-0000-0000-000000000000';
  delete global.__host;

  function has(object, name) { return owns.call(object, name); }

  function decode(value) {
    if (value === null || typeof value !== 'object') return value;
    if (has(value, 'decimal')) return Number(value.decimal);
    if (has(value, 'reference')) return lookup(value.reference);
    if (has(value, 'guid')) return value.guid;
    if (has(value, 'dateTime')) return date(value.dateTime);
    if (has(value, 'date')) return value.date;
    if (has(value, 'long')) return value.long;
    if (has(value, 'double')) return Number(value.double);
    if (has(value, 'record')) return record(value.record);
    if (has(value, 'choices')) return value.choices;
    if (has(value, 'point')) return value.point;
    if (has(value, 'list')) return value.list.map(decode);
    return values(value.parameters);
  }

  // The engine's own parser takes ten times as long; it is left with the years that Date.UTC would move to 1900.
  function date(text) {
    var year = +text.substring(0, 4);
    if (year < 100) return new Date(text);
    return new Date(Date.UTC(year, text.substring(5, 7) - 1, +text.substring(8, 10), +text.substring(11, 13), +text.substring(14, 16), +text.substring(17, 19), +text.substring(20, 23)));
  }

  function values(wire) {
    var result = {};
    for (var name in wire) result[name] = decode(wire[name]);
    return result;
  }

  function lookup(wire) {
    var result = { logicalName: wire[0], id: wire[1] };
    if (wire[2] !== null) result.name = wire[2];
    return result;
  }

  function record(wire) {
    var result = new EntityRecord(wire.entity, wire.id, values(wire.attributes));
    if (wire.version !== undefined) result.version = wire.version;
    return result;
  }

  function encode(value, depth) {
    depth = depth || 0;
    if (depth > 24) throw new TypeError('A value is nested too deep, or contains itself.');
    switch (typeof value) {
      case 'undefined': return null;
      case 'boolean': case 'string': return value;
      case 'number': return encodeNumber(value);
      case 'object': return value === null ? null : encodeObject(value, depth + 1);
      default: throw new TypeError('A ' + typeof value + ' cannot be a value of a record.');
    }
  }

  function encodeNumber(value) {
    // The engine counts lengths in a type of its own, which its JSON.stringify passes over.
    value = value * 1;
    if (value % 1 === 0 && Math.abs(value) <= 9007199254740991)
      return Math.abs(value) <= 2147483647 ? value : { long: value };
    // Decimal and money are the usual kinds; only what no decimal can hold travels as a double.
    return Math.abs(value) < 1e28 ? { decimal: String(value) } : { double: String(value) };
  }

  function encodeObject(value, depth) {
    if (value instanceof Date) {
      if (isNaN(value.getTime())) throw new TypeError('An invalid Date cannot be a value of a record.');
      return { dateTime: value.toISOString() };
    }
    if (Array.isArray(value)) return { list: value.map(function (item) { return encode(item, depth); }) };
    if (value instanceof EntityRecord) return { record: encodeRecord(value, depth) };
    if (typeof value.logicalName === 'string' && typeof value.id === 'string' && !has(value, 'attributes')) return { reference: encodeReference(value) };
    return { parameters: encodeValues(value, depth) };
  }

  function encodeValues(object, depth) {
    var result = {};
    for (var name in object) if (has(object, name)) result[name] = encode(object[name], depth);
    return result;
  }

  function encodeReference(value) {
    if (value === null || value === undefined) throw new TypeError('The call was given an empty lookup. Check it before the call.');
    if (typeof value.logicalName !== 'string' || typeof value.id !== 'string') throw new TypeError('A reference is an object with logicalName and id.');
    return [value.logicalName, id(value.id), typeof value.name === 'string' ? value.name : null];
  }

  function id(text) {
    if (/^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/.test(text)) return text;
    throw new TypeError("'" + text + "' is no id.");
  }

  function encodeRecord(value, depth) {
    if (value === null || typeof value !== 'object' || typeof value.logicalName !== 'string') throw new TypeError('A record is an EntityRecord, or an object with logicalName, id and attributes.');
    var result = { entity: value.logicalName, id: id(value.id || EMPTY) };
    if (typeof value.version === 'number') result.version = value.version;
    result.attributes = encodeValues(value.attributes || {}, depth);
    return result;
  }

  function EntityRecord(logicalName, id, attributes) {
    this.logicalName = String(logicalName);
    this.id = !id || id === EMPTY ? null : String(id);
    this.attributes = attributes || {};
  }
  EntityRecord.prototype = {
    constructor: EntityRecord,
    get: function (name) { return has(this.attributes, name) && this.attributes[name] !== undefined ? this.attributes[name] : null; },
    set: function (name, value) { this.attributes[name] = value === undefined ? null : value; return this; },
    contains: function (name) { return has(this.attributes, name); },
    remove: function (name) { var there = has(this.attributes, name); delete this.attributes[name]; return there; },
    getLookup: function (name) {
      var value = this.get(name);
      if (value !== null && typeof value.logicalName !== 'string') throw new TypeError("'" + name + "' of " + this.logicalName + ' is not a lookup.');
      return value;
    },
    toReference: function () { return { logicalName: this.logicalName, id: this.id }; }
  };

  function Parameters(held) { this.values = held; }
  Parameters.prototype = {
    get: function (name) { return has(this.values, name) && this.values[name] !== undefined ? this.values[name] : null; },
    set: function (name, value) { this.values[name] = value === undefined ? null : value; return this; },
    contains: function (name) { return has(this.values, name); }
  };

  /** The engine fills in where an error stands when it is thrown. */
  function place() {
    try { throw new Error(); } catch (error) { return String(error.stack); }
  }

  function call(name, args) {
    var answer = host(name, stringify(args));
    if (answer === '') host('limit', place());
    answer = parse(answer);
    if (!has(answer, 'message')) return decode(answer.value);
    var error = new Error(answer.message);
    error.name = 'ServiceCallException';
    error.code = answer.code;
    throw error;
  }

  /** target, relationship, then the rows one by one or as one array */
  function link(name, args) {
    var rows = Array.isArray(args[2]) ? args[2] : Array.prototype.slice.call(args, 2);
    call(name, [{ reference: encodeReference(args[0]) }, String(args[1]), { list: rows.map(function (row) { return { reference: encodeReference(row) }; }) }]);
  }

  var service = {
    create: function (row) { return call('create', [{ record: encodeRecord(row, 1) }]); },
    update: function (row) { call('update', [{ record: encodeRecord(row, 1) }]); },
    delete: function (reference) { call('delete', [{ reference: encodeReference(reference) }]); },
    retrieve: function (reference) {
      var names = Array.isArray(arguments[1]) ? arguments[1] : Array.prototype.slice.call(arguments, 1);
      return call('retrieve', [{ reference: encodeReference(reference) }, { list: names.map(String) }]);
    },
    retrieveMultiple: function (logicalName, query) { return call('retrieveMultiple', [String(logicalName), query === undefined ? '' : String(query)]); },
    associate: function (target, relationship) { link('associate', arguments); },
    disassociate: function (target, relationship) { link('disassociate', arguments); },
    // The answer is a plain object: response properties by name.
    execute: function (message, input) { return call('execute', [String(message), { parameters: encodeValues(input || {}, 1) }]); }
  };

  var run, target, input, output, sharedVariables, config;

  function image(kind, images, alias) {
    if (has(images, alias)) return record(images[alias]);
    throw new Error('The step declares no ' + kind + "-image '" + alias + "'.");
  }

  function lazily(object, name, make) { Object.defineProperty(object, name, { enumerable: true, get: make }); }

  var context = {
    service: service,
    preImage: function (alias) { return image('pre', run.preImages, alias); },
    postImage: function (alias) { return image('post', run.postImages, alias); },
    trace: function (line) { host('trace', String(line)); },
    // The host ends the script: nothing after it runs, no catch and no finally.
    reject: function (message, code) { host('reject', stringify([String(message), code === undefined || code === null ? '' : String(code)])); }
  };
  lazily(context, 'target', function () {
    if (target === undefined) {
      if (run.target === null) throw new Error('The message ' + run.message + ' carries no row: context.target is not available in this step.');
      target = record(run.target);
    }
    return target;
  });
  lazily(context, 'input', function () { return input = input || new Parameters(values(run.input)); });
  lazily(context, 'output', function () { return output = output || new Parameters(values(run.output)); });
  lazily(context, 'sharedVariables', function () { return sharedVariables = sharedVariables || new Parameters(values(run.sharedVariables)); });
  lazily(context, 'config', function () { return config = config || new Parameters(parse(run.config)); });
  lazily(context, 'now', function () { return date(run.now); });
  lazily(context, 'user', function () { return lookup(run.user); });
  lazily(context, 'message', function () { return run.message; });
  lazily(context, 'stage', function () { return run.stage; });
  lazily(context, 'depth', function () { return run.depth; });
  lazily(context, 'parent', function () { return parent(0); });

  function parent(at) {
    if (at >= run.parents.length) return null;
    var wire = run.parents[at];
    return { message: wire.message, entity: wire.entity, id: wire.id === EMPTY ? null : wire.id, depth: wire.depth, sharedVariables: new Parameters(values(wire.sharedVariables)), parent: parent(at + 1) };
  }

  // Only what changed goes back: an untouched decimal keeps every digit that a JavaScript number would lose.
  function changes(now, before) {
    var set = {}, removed = [], name;
    for (name in now) {
      if (!has(now, name)) continue;
      if (!has(before, name)) set[name] = encode(now[name]);
      else if (!untouched(now[name], before[name])) set[name] = encodeLike(now[name], before[name], 0);
    }
    for (name in before) if (!has(now, name)) removed.push(name);
    return { set: set, removed: removed };
  }

  // Of rows and lists, too, what nobody touched goes back as it came.
  function encodeLike(value, wire, depth) {
    if (depth > 24) throw new TypeError('A value is nested too deep, or contains itself.');
    if (wire === undefined || wire === null || typeof wire !== 'object' || value === null || typeof value !== 'object') return encode(value, depth);
    if (untouched(value, wire)) return wire;
    if (has(wire, 'record') && value instanceof EntityRecord) {
      var row = { entity: value.logicalName, id: id(value.id || EMPTY) };
      if (typeof value.version === 'number') row.version = value.version;
      row.attributes = encodeValuesLike(value.attributes || {}, wire.record.attributes, depth + 1);
      return { record: row };
    }
    if (has(wire, 'list') && Array.isArray(value)) {
      var rows = {};
      wire.list.forEach(function (item) { if (item !== null && typeof item === 'object' && has(item, 'record')) rows[item.record.entity + item.record.id] = item; });
      return { list: value.map(function (item, at) { return encodeLike(item, item instanceof EntityRecord && item.id ? rows[item.logicalName + item.id] : wire.list[at], depth + 1); }) };
    }
    if (has(wire, 'parameters') && !Array.isArray(value) && !(value instanceof Date) && !(value instanceof EntityRecord) && !(typeof value.logicalName === 'string' && typeof value.id === 'string'))
      return { parameters: encodeValuesLike(value, wire.parameters, depth + 1) };
    return encode(value, depth);
  }

  function encodeValuesLike(object, wire, depth) {
    var result = {};
    for (var name in object) if (has(object, name)) result[name] = has(wire, name) && untouched(object[name], wire[name]) ? wire[name] : encodeLike(object[name], wire[name], depth);
    return result;
  }

  function untouched(value, wire) {
    // Lookups are frequent, and comparing their text is slow.
    if (wire !== null && typeof wire === 'object' && has(wire, 'reference') && value !== null && typeof value === 'object' && Object.keys(value).length <= 3)
      return value.logicalName === wire.reference[0] && value.id === wire.reference[1] && (value.name === undefined ? null : value.name) === wire.reference[2];
    return same(value, decode(wire));
  }

  function same(a, b) {
    if (a === b) return true;
    // A date outside the engine's range is an invalid Date on both sides: nobody touched it.
    if (a instanceof Date && b instanceof Date) return String(a.getTime()) === String(b.getTime());
    if (typeof a === 'number' && typeof b === 'number') return a !== a && b !== b;
    return stringify(encode(a)) === stringify(encode(b));
  }

  function begin(frame) { run = parse(frame); }

  function finish() {
    return stringify({
      target: target === undefined ? null : changes(target.attributes, run.target.attributes),
      input: input === undefined ? null : changes(input.values, run.input),
      output: output === undefined ? null : changes(output.values, run.output),
      sharedVariables: sharedVariables === undefined ? null : changes(sharedVariables.values, run.sharedVariables)
    });
  }

  function fix(name, value) { Object.defineProperty(global, name, { value: value, writable: false, configurable: false, enumerable: false }); }
  fix('context', context);
  fix('EntityRecord', EntityRecord);
  fix('__begin', begin);
  fix('__finish', finish);

  // No code from text.
  Object.defineProperty(Function.prototype, 'constructor', { value: undefined, writable: false, configurable: false });
  delete RegExp.prototype.compile;
  delete global.eval;
  delete global.Function;
})(this);
