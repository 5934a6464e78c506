package bpnn.report;

import bpnn.chart.Bins;
import bpnn.chart.Ridges;
import bpnn.chart.Series;
import bpnn.chart.Series.Stroke;
import bpnn.lab.experiment.Contender;
import bpnn.lab.experiment.EpochFigures;
import bpnn.lab.experiment.Experiment;
import bpnn.lab.experiment.RateSweep;
import bpnn.lab.experiment.Results;
import bpnn.lab.experiment.TrainedRun;
import bpnn.lab.probe.LayerState;
import bpnn.lab.probe.Probe;
import bpnn.lab.statistics.Interval;
import bpnn.lab.statistics.SeedStatistics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Turns an experiment's runs into curves with bands over the seeds, and into one number per seed. */
public final class Curves {
    private final Experiment experiment;
    private final Results results;

    Curves(Experiment experiment, Results results) {
        this.experiment = experiment;
        this.results = results;
    }

    /** Which experiment. */
    public Experiment experiment() {
        return experiment;
    }

    /** How many contenders. */
    public int contenders() {
        return experiment.contenders().size();
    }

    /** What a contender is called. */
    public String label(int contender) {
        return experiment.contenders().get(contender).label();
    }

    /** The runs of a contender, a seed each. */
    public List<TrainedRun> runs(int contender) {
        return results.runs(experiment.contenders().get(contender).arm());
    }

    /** The sweeps of a contender, a seed each; none unless the experiment sweeps rates. */
    public List<RateSweep> sweeps(int contender) {
        return results.sweeps(experiment.contenders().get(contender).arm());
    }

    /** Runs of each contender. */
    public int seeds() {
        return runs(0).size();
    }

    /** Hidden layers of the network. */
    public int hiddenLayers() {
        return layers() - 1;
    }

    /** Dense layers of the network: the hidden ones and the output layer. */
    public int layers() {
        return runs(0).get(0).probes().get(0).layers().size();
    }

    /** What a layer is called, counted from 0. */
    public String layer(int index) {
        return index == hiddenLayers() ? "output layer" : "hidden layer " + (index + 1);
    }

    /** One curve per contender over the epochs. */
    public List<Series> overEpochs(ToDoubleFunction<EpochFigures> figure) {
        List<Series> series = new ArrayList<>();
        for (int contender = 0; contender < contenders(); contender++) {
            series.add(overEpochs(contender, label(contender), Stroke.SOLID, figure));
        }
        return series;
    }

    /** A contender's curve over the epochs. */
    public Series overEpochs(int contender, String label, Stroke stroke, ToDoubleFunction<EpochFigures> figure) {
        return banded(
                contender,
                label,
                stroke,
                false,
                run -> run.epochs().stream().mapToDouble(EpochFigures::epoch).toArray(),
                run -> run.epochs().stream().mapToDouble(figure).toArray());
    }

    /** One curve per contender over the probes of a layer. */
    public List<Series> overProbes(int layer, boolean logarithmic, ToDoubleFunction<LayerState> figure) {
        List<Series> series = new ArrayList<>();
        for (int contender = 0; contender < contenders(); contender++) {
            series.add(banded(
                    contender,
                    label(contender),
                    Stroke.SOLID,
                    logarithmic,
                    run -> run.probes().stream().mapToDouble(Probe::epochs).toArray(),
                    run -> run.probes().stream()
                            .mapToDouble(
                                    probe -> figure.applyAsDouble(probe.layers().get(layer)))
                            .toArray()));
        }
        return series;
    }

    /** One curve per contender over the parts of the first epoch. */
    public List<Series> overFirstEpoch() {
        List<Series> series = new ArrayList<>();
        for (int contender = 0; contender < contenders(); contender++) {
            series.add(banded(
                    contender,
                    label(contender),
                    Stroke.SOLID,
                    false,
                    run -> {
                        double[] x = new double[run.firstEpoch().size()];
                        Arrays.setAll(x, part -> (part + 0.5) / x.length);
                        return x;
                    },
                    run -> run.firstEpoch().stream().mapToDouble(loss -> loss).toArray()));
        }
        return series;
    }

    /** The mean over the seeds with its interval; a run that diverged ends early. */
    private Series banded(
            int contender,
            String label,
            Stroke stroke,
            boolean logarithmic,
            Function<TrainedRun, double[]> abscissa,
            Function<TrainedRun, double[]> ordinate) {
        double[] x = new double[0];
        List<double[]> curves = new ArrayList<>();
        for (TrainedRun run : runs(contender)) {
            double[] own = abscissa.apply(run);
            x = own.length > x.length ? own : x;
            curves.add(ordinate.apply(run));
        }
        double[] y = new double[x.length];
        double[] low = new double[x.length];
        double[] high = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            int point = i;
            double[] values = curves.stream()
                    .mapToDouble(curve -> point < curve.length ? curve[point] : Double.NaN)
                    .toArray();
            Interval interval = logarithmic ? SeedStatistics.geometricMean(values) : SeedStatistics.mean(values);
            y[i] = interval.mean();
            low[i] = interval.low();
            high[i] = interval.high();
        }
        boolean banded = Arrays.stream(low).anyMatch(Double::isFinite);
        return new Series(contender, label, stroke, x, y, banded ? low : new double[0], banded ? high : new double[0]);
    }

    /** A number for each seed of a contender. */
    public double[] perSeed(int contender, ToDoubleFunction<TrainedRun> figure) {
        return runs(contender).stream().mapToDouble(figure).toArray();
    }

    /** A figure of one epoch for each seed, from 1; NaN where the run diverged before. */
    public double[] atEpoch(int contender, int epoch, ToDoubleFunction<EpochFigures> figure) {
        return perSeed(
                contender,
                run -> epoch <= run.epochs().size()
                        ? figure.applyAsDouble(run.epochs().get(epoch - 1))
                        : Double.NaN);
    }

    /** The same of the last epoch that was asked for. */
    public double[] atEnd(int contender, ToDoubleFunction<EpochFigures> figure) {
        return atEpoch(contender, epochs(), figure);
    }

    /** Epochs of the longest run. */
    public int epochs() {
        int most = 0;
        for (Contender contender : experiment.contenders()) {
            for (TrainedRun run : results.runs(contender.arm())) {
                most = Math.max(most, run.epochs().size());
            }
        }
        return most;
    }

    /** For each seed, the mean of a layer's figure over all probes after some epochs. */
    public double[] meanOfProbes(
            int contender, int layer, double after, double until, ToDoubleFunction<LayerState> figure) {
        return perSeed(
                contender,
                run -> run.probes().stream()
                        .filter(probe -> probe.epochs() >= after && probe.epochs() <= until)
                        .mapToDouble(
                                probe -> figure.applyAsDouble(probe.layers().get(layer)))
                        .average()
                        .orElse(Double.NaN));
    }

    /** For each seed, a layer's figure at the last probe. */
    public double[] atLastProbe(int contender, int layer, ToDoubleFunction<LayerState> figure) {
        return perSeed(
                contender,
                run -> figure.applyAsDouble(
                        run.probes().get(run.probes().size() - 1).layers().get(layer)));
    }

    /** The distributions of a layer over time, all seeds together. */
    public Ridges.Panel ridges(int contender, int layer, Bins bins, Function<LayerState, int[]> counts) {
        List<Probe> longest = runs(contender).get(0).probes();
        for (TrainedRun run : runs(contender)) {
            longest = run.probes().size() > longest.size() ? run.probes() : longest;
        }
        double[][] density = new double[longest.size()][];
        for (int moment = 0; moment < density.length; moment++) {
            density[moment] = density(contender, layer, moment, bins, counts);
        }
        double[] epochs = longest.stream().mapToDouble(Probe::epochs).toArray();
        return new Ridges.Panel(contender, label(contender), epochs, density);
    }

    /** The distribution of a layer at one probe, all seeds together. */
    public double[] density(int contender, int layer, int moment, Bins bins, Function<LayerState, int[]> counts) {
        double[] sums = new double[bins.count()];
        for (TrainedRun run : runs(contender)) {
            if (moment < run.probes().size()) {
                int[] own = counts.apply(run.probes().get(moment).layers().get(layer));
                Arrays.setAll(sums, bin -> sums[bin] + own[bin]);
            }
        }
        double all = Arrays.stream(sums).sum();
        return Arrays.stream(sums).map(sum -> sum / all).toArray();
    }
}
