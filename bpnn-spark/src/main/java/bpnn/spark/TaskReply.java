package bpnn.spark;

import bpnn.data.DataException;
import bpnn.lab.run.PlanException;
import bpnn.lab.work.WorkOutcome;
import bpnn.spi.BackendException;
import java.io.Serializable;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a task sends back.
 *
 * @param name of the item
 * @param worker who it was
 * @param outcome null if the worker refused
 * @param folder with the item's files, where the worker and the driver see the same file system
 * @param files of the item, where they do not; null if nobody wants them
 * @param refusal why the worker is of no use, null unless it refused
 * @param sentence the refusal in words
 */
record TaskReply(
        String name,
        String worker,
        @Nullable WorkOutcome outcome,
        @Nullable String folder,
        @Nullable TreeMap<String, byte[]> files,
        @Nullable Refusal refusal,
        @Nullable String sentence)
        implements Serializable {
    private static final long serialVersionUID = 1;

    /** Why a worker carries out nothing at all. */
    enum Refusal {
        /** It is to be avoided; any other may do it. */
        AVOIDED,
        /** It has not the data. */
        DATA,
        /** It has not the backend, or another program. */
        BACKEND,
        /** The options cannot be followed. */
        OPTIONS
    }

    static TaskReply done(String name, String worker, WorkOutcome outcome) {
        return new TaskReply(name, worker, outcome, null, null, null, null);
    }

    TaskReply in(String place) {
        return new TaskReply(name, worker, outcome, place, null, null, null);
    }

    TaskReply with(SortedMap<String, byte[]> found) {
        return new TaskReply(name, worker, outcome, null, new TreeMap<>(found), null, null);
    }

    /** Says why the worker is of no use, if it is of none. */
    void throwRefusal() {
        if (refusal == null) {
            return;
        }
        String words = "Worker " + worker + " cannot carry out a run: "
                + String.valueOf(sentence).replaceFirst("\\.$", "") + ".";
        switch (refusal) {
            case DATA -> throw new DataException(words);
            case OPTIONS -> throw new PlanException(words);
            case BACKEND, AVOIDED -> throw new BackendException(words);
        }
    }

    static TaskReply refused(String name, String worker, Refusal refusal, String sentence) {
        return new TaskReply(name, worker, null, null, null, refusal, sentence);
    }
}
