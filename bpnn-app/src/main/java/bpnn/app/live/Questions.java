package bpnn.app.live;

import bpnn.data.Dataset;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/** Images that a page wants read, until a thread that may use the network comes to it. */
public final class Questions {
    private final Queue<Question> waiting = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    private record Question(Dataset image, CompletableFuture<float[]> answer) {}

    /** Any thread may ask. */
    public CompletableFuture<float[]> ask(Dataset image) {
        CompletableFuture<float[]> answer = new CompletableFuture<>();
        waiting.add(new Question(image, answer));
        if (over) {
            decline();
        }
        return answer;
    }

    /** Answers what was asked. */
    public void answer(Function<Dataset, float[]> probabilities) {
        for (Question question = waiting.poll(); question != null; question = waiting.poll()) {
            question.answer.complete(probabilities.apply(question.image));
        }
    }

    /** There will be no answers any more. */
    public void end() {
        over = true;
        decline();
    }

    /** There is no answer for the time being. */
    public void decline() {
        for (Question question = waiting.poll(); question != null; question = waiting.poll()) {
            question.answer.cancel(false);
        }
    }
}
