package bpnn.bench.compare;

import bpnn.bench.OwnTraining;
import bpnn.bench.Workload;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A library that trains in a process of its own.
 *
 * @param name for the table
 * @param lead the goal for the program's speed-up over it; 0 for the program itself
 * @param command starts a process that serves epochs
 * @param environment variables of that process
 * @param workload what it trains
 * @param warmUp epochs before any counts
 */
record Contender(
        String name,
        double lead,
        List<String> command,
        Map<String, String> environment,
        Workload workload,
        int warmUp) {

    /** The backend of this project that the others are compared with. */
    static final String BACKEND = "cpu";

    private static final int OWN_WARM_UP = 2;
    /**
     * This project, with the flags of this JVM, which the launcher knows.
     *
     * @param flags further ones
     */
    static Contender own(Workload workload, String... flags) {
        List<String> command = new ArrayList<>(List.of(java()));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), OwnTraining.class.getName(), BACKEND));
        command.addAll(workload.words());
        return new Contender("bpnn", 0, command, Map.of(), workload, OWN_WARM_UP);
    }

    /** Another library, with as many images as it takes. */
    static Contender other(Yardstick yardstick, Workload workload) {
        Workload part = workload.withCount(Math.min(workload.count(), yardstick.mostImages()));
        List<String> command = new ArrayList<>(yardstick.command());
        command.addAll(part.words());
        return new Contender(yardstick.name(), yardstick.lead(), command, yardstick.environment(), part, 1);
    }

    /** The Java that runs this. */
    static String java() {
        return System.getProperty("java.home") + "/bin/java";
    }
}
