// Socket.IO as its documentation builds a chat: ack by callback after the INSERT, the client's id as a unique column, rooms, the Redis
// streams adapter with connection state recovery.
//
//     node socketio_server.mjs PORT DATABASE_URL REDIS_URL
//
// The packages are looked for beside PEERS_MODULES. There are no accounts, rights or limits in it.

import { createRequire } from "node:module";

const require = createRequire(process.env.PEERS_MODULES + "/");
const { createAdapter } = require("@socket.io/redis-streams-adapter");
const { Pool } = require("pg");
const { createClient } = require("redis");
const { Server } = require("socket.io");

const [port, databaseUrl, redisUrl] = process.argv.slice(2);

const SCHEMA = `CREATE TABLE messages (seq bigserial PRIMARY KEY, conversation text NOT NULL, id text NOT NULL, text text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(), UNIQUE (conversation, id))`;
const INSERT = {
  name: "insert",
  text: "INSERT INTO messages (conversation, id, text) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING seq",
};
const SELECT = { name: "select", text: "SELECT seq FROM messages WHERE conversation = $1 AND id = $2" };

const pool = new Pool({ connectionString: databaseUrl, max: 15 });
await pool.query(SCHEMA);

const redis = createClient({ url: redisUrl });
await redis.connect();

const io = new Server({ adapter: createAdapter(redis), connectionStateRecovery: {}, transports: ["websocket"], serveClient: false });

async function store(conversation, { id, text }) {
  const stored = await pool.query({ ...INSERT, values: [conversation, id, text] });
  if (stored.rows.length > 0) return stored.rows[0].seq;
  return (await pool.query({ ...SELECT, values: [conversation, id] })).rows[0].seq;
}

io.on("connection", (socket) => {
  socket.on("message", async (message, ack) => {
    const seq = await store(message.conversation, message);
    io.to(message.conversation).emit("message", { ...message, seq });
    ack({ id: message.id, seq });
  });
  socket.on("follow", async (conversation, ack) => {
    await socket.join(conversation);
    ack({});
  });
});

// The server listens on loopback alone, which `io.listen` cannot say.
const { createServer } = await import("node:http");
const http = createServer();
io.attach(http);
http.listen(Number(port), "127.0.0.1");
