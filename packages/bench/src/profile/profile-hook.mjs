// Preloaded into the processes of a stack (NODE_OPTIONS=--import …) when the bench profiles a question or a load.
// SIGUSR2 begins a CPU profile of the main thread and of every worker thread, and a second one ends it
// and writes a file a thread into ARBOR_PROFILE_DIR. Nothing of the product knows of it.
import fs from 'node:fs';
import inspector from 'node:inspector';
import path from 'node:path';
import { isMainThread } from 'node:worker_threads';

const directory = process.env.ARBOR_PROFILE_DIR;
/** Finer than the default of 1 ms: some questions take less than 10 ms. */
const intervalUs = 200;

if (isMainThread && directory !== undefined) {
  const session = new inspector.Session();
  session.connect();
  /** Threads by the inspector's session, with the calls that wait for an answer. */
  const threads = new Map();
  let lastCall = 0;

  const post = (method, parameters) =>
    new Promise((resolve, reject) => {
      session.post(method, parameters, (error, result) =>
        error ? reject(new Error(error.message)) : resolve(result),
      );
    });
  session.on('NodeWorker.attachedToWorker', ({ params }) => {
    threads.set(params.sessionId, { title: params.workerInfo.title, calls: new Map() });
  });
  session.on('NodeWorker.detachedFromWorker', ({ params }) => threads.delete(params.sessionId));
  session.on('NodeWorker.receivedMessageFromWorker', ({ params }) => {
    const { id, result } = JSON.parse(params.message);
    const { calls } = threads.get(params.sessionId) ?? {};
    calls?.get(id)?.(result);
    calls?.delete(id);
  });
  const postToThread = (sessionId, method, parameters = {}) => {
    const id = ++lastCall;
    const answered = new Promise((resolve) => threads.get(sessionId).calls.set(id, resolve));
    const message = JSON.stringify({ id, method, params: parameters });
    return post('NodeWorker.sendMessageToWorker', { sessionId, message }).then(() => answered);
  };

  const begin = async () => {
    // Threads that run already are told of at once.
    await post('NodeWorker.enable', { waitForDebuggerOnStart: false });
    const callers = [post, ...[...threads.keys()].map((id) => postToThread.bind(null, id))];
    for (const call of callers) {
      await call('Profiler.enable');
      await call('Profiler.setSamplingInterval', { interval: intervalUs });
      await call('Profiler.start');
    }
    fs.writeFileSync(path.join(directory, `${process.pid}.running`), '');
  };
  const end = async () => {
    const write = (name, { profile }) =>
      fs.writeFileSync(
        path.join(directory, `${process.pid}.${name}.cpuprofile`),
        JSON.stringify(profile),
      );
    write('main', await post('Profiler.stop'));
    for (const id of threads.keys()) {
      write(`thread-${id}`, await postToThread(id, 'Profiler.stop'));
    }
    fs.rmSync(path.join(directory, `${process.pid}.running`));
  };
  let isRunning = false;
  process.on('SIGUSR2', () => {
    isRunning = !isRunning;
    void (isRunning ? begin() : end());
  });
}
