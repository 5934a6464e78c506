package bpnn.app.command;

import bpnn.app.option.KeptWeights;
import bpnn.app.session.CommonOptions;
import bpnn.app.session.Session;
import bpnn.app.session.Terminal;
import bpnn.lab.sweep.Halving;
import bpnn.lab.sweep.SweepPlan;
import bpnn.lab.work.ClusterJob;
import bpnn.lab.work.WorkEngine;
import bpnn.spark.SparkClusterProvider;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A sweep of runs that take no time, so that what is left is Spark's and the driver's own: {@code SweepScale FOLDER RUNS}.
 */
public final class SweepScale {
    private SweepScale() {}

    public static void main(String[] arguments) {
        int runs = Integer.parseInt(arguments[1]);
        List<SortedMap<String, String>> points = IntStream.range(0, runs)
                .<SortedMap<String, String>>mapToObj(i -> new TreeMap<>(Map.of("learning-rate", "0.0" + i)))
                .toList();
        SweepPlan plan = new SweepPlan(new TreeMap<>(), SweepPlan.numbered(points), List.of(1L), Halving.NONE);
        ClusterJob job = new ClusterJob("scale", "scale", "{}", Map.of(), List.of(), 1, false, sentence -> {});
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Session silent = new Session(new Terminal(nowhere, nowhere, false, false, 80), new CommonOptions());
        Path folder = Path.of(arguments[0]);
        long start = System.nanoTime();
        try (WorkEngine engine = new SparkClusterProvider().open("local[2]", job)) {
            long opened = System.nanoTime();
            SweepJob sweep = new SweepJob(silent, plan, folder, KeptWeights.NONE);
            if (!sweep.execute(engine)) {
                throw new IllegalStateException("The sweep is not whole");
            }
            long ended = System.nanoTime();
            System.out.printf(
                    "%d runs, opened in %.1f s, %.2f ms a run%n",
                    runs, (opened - start) * 1e-9, (ended - opened) * 1e-6 / runs);
        }
    }
}
