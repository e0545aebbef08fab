// In place of the native watchdog, which only a compiler would make: ends an extension host whose server is gone.
exports.start = (pid) => {
  setInterval(() => {
    try {
      process.kill(pid, 0);
    } catch {
      process.exit(87);
    }
  }, 1_000).unref();
};

exports.exit = (code) => process.exit(code ?? 0);
