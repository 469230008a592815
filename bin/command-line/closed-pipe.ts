/**
 * A reader such as `head` closes its end of the pipe once it has enough. The command then ends quietly, as other programs
 * do on SIGPIPE. Without this, each write would be an uncaught error, and reporting that error would be another write.
 */
let end = (): void => process.exit();

for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    end();
  });

/** For a command that must stop its work before it ends. `stop` is called for each write that fails. */
export const onClosedPipe = (stop: () => void): void => {
  end = stop;
};
