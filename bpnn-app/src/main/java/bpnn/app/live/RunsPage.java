package bpnn.app.live;

import bpnn.data.Dataset;
import bpnn.data.ImageFormat;
import bpnn.web.LivePage;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A page of some runs, whoever steers them.
 *
 * @param <R> what is known of them besides
 */
public abstract class RunsPage<R extends ShownRun> implements LivePage, AutoCloseable {
    /** So many can be told apart by their colours. */
    public static final int MOST_RUNS = 4;

    private static final long ANSWER_MILLIS = 2000;

    private final List<R> runs = new ArrayList<>();
    private volatile boolean watched;
    private boolean runsChanged;

    /** What the runs learn from. */
    protected abstract ObjectNode data();

    /** The images of a page without those that its networks learn from. */
    protected static ObjectNode data(String name, ImageFormat format) {
        ObjectNode data = JsonNodeFactory.instance.objectNode().put("name", name);
        data.put("height", format.shape().height());
        data.put("width", format.shape().width());
        data.put("channels", format.shape().channels());
        format.classNames().forEach(data.putArray("classes")::add);
        return data;
    }

    /** The runs as they are now. */
    protected final synchronized List<R> runs() {
        return List.copyOf(runs);
    }

    /** Shows these runs from now on. */
    protected final synchronized void show(List<R> next) {
        runs.clear();
        runs.addAll(next);
        runsChanged = true;
    }

    /** Whether anybody looks. */
    protected final boolean isWatched() {
        return watched;
    }

    @Override
    public void watched(boolean byAnybody) {
        watched = byAnybody;
    }

    @Override
    public synchronized ObjectNode state() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("data", data());
        ArrayNode list = json.putArray("runs");
        runs.forEach(run -> list.add(run.view().describe()));
        return json;
    }

    @Override
    public synchronized Optional<ObjectNode> changes() {
        if (runsChanged) {
            runsChanged = false;
            // Whatever is new of them is told with them.
            runs.forEach(run -> run.view().news());
            return Optional.of(state());
        }
        ObjectNode news = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < runs.size(); i++) {
            int number = i;
            runs.get(i).view().news().ifPresent(each -> news.set(String.valueOf(number), each));
        }
        if (news.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("news", news);
        return Optional.of(json);
    }

    @Override
    public ArrayNode read(Dataset image) {
        List<CompletableFuture<float[]>> answers = new ArrayList<>();
        runs().forEach(run -> answers.add(run.read(image)));
        ArrayNode readings = JsonNodeFactory.instance.arrayNode();
        for (CompletableFuture<float[]> answer : answers) {
            try {
                ArrayNode probabilities = JsonNodeFactory.instance.arrayNode();
                for (float probability : answer.get(ANSWER_MILLIS, TimeUnit.MILLISECONDS)) {
                    if (Float.isFinite(probability)) {
                        probabilities.add(Math.round(probability * 1e4) / 1e4);
                    } else {
                        probabilities.addNull();
                    }
                }
                readings.add(probabilities);
            } catch (TimeoutException | ExecutionException | CancellationException e) {
                readings.addNull();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                readings.addNull();
            }
        }
        return readings;
    }

    /** Ends what is still going on. */
    @Override
    public void close() {
        runs().forEach(ShownRun::close);
    }
}
