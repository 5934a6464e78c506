package bpnn.web;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events: each page that is open first hears the whole state, then every change. One that does not keep up is cut
 * off; its browser connects again and begins with the whole state.
 */
final class EventStream implements AutoCloseable {
    private static final long PERIOD_NANOS = 100_000_000;
    private static final long FAREWELL_MILLIS = 2000;
    private static final byte[] NOTHING_MORE = {};
    private static final int MOST_PAGES = 16;
    private static final int MOST_WAITING = 50;

    /** A comment now and then, so that a connection that is gone is noticed. */
    private static final int SILENT_PERIODS = 100;

    private final Supplier<ObjectNode> state;
    private final Supplier<Optional<ObjectNode>> changes;
    private final Consumer<Boolean> watched;
    private final Consumer<Throwable> faults;
    private final List<Listener> listeners = new ArrayList<>();
    private final Object wake = new Object();
    private final Thread thread;
    private volatile boolean closed;
    private boolean hurried;

    /** @param watched hears whether any page is open */
    EventStream(
            Supplier<ObjectNode> state,
            Supplier<Optional<ObjectNode>> changes,
            Consumer<Boolean> watched,
            Consumer<Throwable> faults) {
        this.state = state;
        this.changes = changes;
        this.watched = watched;
        this.faults = faults;
        this.thread = new Thread(this::tell, "events");
        thread.setDaemon(true);
        thread.start();
    }

    /** Begins to tell a page what happens; false if there are too many. */
    boolean open(HttpExchange exchange) throws IOException {
        Listener listener = new Listener(exchange);
        synchronized (listeners) {
            if (listeners.size() >= MOST_PAGES || closed) {
                return false;
            }
            // The state, and no change that is in it.
            changes.get().ifPresent(this::broadcast);
            listener.offer(message("state", state.get()));
            listeners.add(listener);
            watched.accept(true);
        }
        listener.begin();
        return true;
    }

    /** Tells of changes at once, rather than at the end of the period. */
    void hurry() {
        synchronized (wake) {
            hurried = true;
            wake.notifyAll();
        }
    }

    /** Tells every page that nothing more will come, and waits a little until they have heard all of it. */
    void finish() {
        List<Listener> leaving;
        synchronized (listeners) {
            changes.get().ifPresent(this::broadcast);
            send(message("end", JsonNodeFactory.instance.objectNode()));
            send(NOTHING_MORE);
            leaving = List.copyOf(listeners);
        }
        leaving.forEach(listener -> listener.awaitEnd(FAREWELL_MILLIS));
    }

    private void tell() {
        int silent = 0;
        long next = System.nanoTime();
        while (!closed) {
            // From the beginning of one to that of the next, unless it took longer than that or was hurried.
            long now = System.nanoTime();
            next = Math.max(Math.min(next, now) + PERIOD_NANOS, now);
            pauseUntil(next);
            try {
                synchronized (listeners) {
                    // What nobody hears is not put into words; whoever comes is told everything.
                    Optional<ObjectNode> changed = listeners.isEmpty() ? Optional.empty() : changes.get();
                    changed.ifPresent(this::broadcast);
                    silent = changed.isPresent() ? 0 : silent + 1;
                    if (silent == SILENT_PERIODS) {
                        silent = 0;
                        send(": \n\n".getBytes(StandardCharsets.UTF_8));
                    }
                }
            } catch (RuntimeException e) {
                faults.accept(e);
            }
        }
    }

    private void pauseUntil(long end) {
        synchronized (wake) {
            try {
                for (long left = end - System.nanoTime();
                        left > 0 && !hurried && !closed;
                        left = end - System.nanoTime()) {
                    TimeUnit.NANOSECONDS.timedWait(wake, left);
                }
            } catch (InterruptedException e) {
                closed = true;
            }
            hurried = false;
        }
    }

    private void broadcast(ObjectNode changed) {
        if (!listeners.isEmpty()) {
            send(message("changes", changed));
        }
    }

    private void send(byte[] message) {
        listeners.removeIf(listener -> !listener.offer(message));
        watched.accept(!listeners.isEmpty());
    }

    private static byte[] message(String event, ObjectNode data) {
        return ("event: " + event + "\ndata: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        synchronized (listeners) {
            listeners.forEach(Listener::end);
            listeners.clear();
        }
    }

    /** A page that is open, with a thread that waits for it to take what it is sent. */
    private static final class Listener {
        private final HttpExchange exchange;
        private final BlockingQueue<byte[]> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
        private volatile @Nullable Thread writer;
        private volatile boolean ended;

        Listener(HttpExchange exchange) {
            this.exchange = exchange;
        }

        /** Whether it keeps up. */
        boolean offer(byte[] message) {
            boolean keepsUp = !ended && waiting.offer(message);
            if (!keepsUp) {
                end();
            }
            return keepsUp;
        }

        void begin() throws IOException {
            Response.headers(exchange.getResponseHeaders(), "text/event-stream; charset=utf-8");
            exchange.sendResponseHeaders(200, 0);
            writer = new Thread(this::write, "events of a page");
            writer.setDaemon(true);
            writer.start();
        }

        private void write() {
            try (exchange;
                    OutputStream out = exchange.getResponseBody()) {
                while (!ended) {
                    byte[] next = waiting.take();
                    ended = next == NOTHING_MORE;
                    out.write(next);
                    out.flush();
                }
            } catch (IOException | InterruptedException gone) {
                // The page was closed, or it was cut off.
                ended = true;
            }
        }

        void awaitEnd(long millis) {
            Thread thread = writer;
            try {
                if (thread != null) {
                    thread.join(millis);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        void end() {
            ended = true;
            Thread thread = writer;
            if (thread != null) {
                thread.interrupt();
            }
        }
    }
}
