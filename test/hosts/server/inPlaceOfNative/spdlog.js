// In place of the native logger, which only a compiler would make: without one the server's hosts write no log at all, and
// "Show Log" stays empty. Levels: 0 trace, 1 debug, 2 info, 3 warning, 4 error, 5 critical, 6 off.
const { closeSync, mkdirSync, openSync, writeSync } = require('node:fs');
const { dirname } = require('node:path');

class Logger {
  constructor(_kind, _name, file) {
    this.level = 2;
    this.formats = true;
    this.descriptor = openSync(file, 'a');
  }

  getLevel() {
    return this.level;
  }

  setLevel(level) {
    this.level = level;
  }

  setPattern() {
    this.formats = true;
  }

  clearFormatters() {
    this.formats = false;
  }

  flush() {}

  drop() {
    if (this.descriptor !== undefined) {
      closeSync(this.descriptor);
      this.descriptor = undefined;
    }
  }

  write(level, name, message) {
    if (level < this.level || this.descriptor === undefined) {
      return;
    }
    writeSync(this.descriptor, this.formats ? `${localTime(new Date())} [${name}] ${message}\n` : message);
  }
}

for (const [level, [method, name]] of [
  ['trace', 'trace'],
  ['debug', 'debug'],
  ['info', 'info'],
  ['warn', 'warning'],
  ['error', 'error'],
  ['critical', 'critical'],
].entries()) {
  Logger.prototype[method] = function (message) {
    this.write(level, name, message);
  };
}

function localTime(date) {
  const two = (number) => String(number).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const milliseconds = String(date.getMilliseconds()).padStart(3, '0');
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${milliseconds}`;
}

async function createLogger(name, file) {
  mkdirSync(dirname(file), { recursive: true });
  return new Logger('rotating', name, file);
}

exports.version = 0;
exports.setLevel = () => undefined;
exports.setFlushOn = () => undefined;
exports.Logger = Logger;
exports.createRotatingLogger = createLogger;
exports.createAsyncRotatingLogger = createLogger;
