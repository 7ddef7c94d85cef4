import { connect } from 'node:net';

/** Whether what is said at a local port comes back within `ms`. */
export function echoes(port: number, ms = 2_000): Promise<boolean> {
  const said = `hello ${Math.random()}`;
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect(port, '127.0.0.1');
    const end = (answer: boolean) => () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(end(false), ms);
    socket.on('connect', () => socket.write(said));
    socket.setEncoding('utf8').on('data', (text: string) => {
      heard += text;
      if (heard === said) end(true)();
    });
    socket.on('error', end(false)).on('close', end(false));
  });
}
