package bpnn.report;

import bpnn.lab.experiment.Experiment;
import java.util.List;

/**
 * An experiment with what is to be learnt from it: the arms, the claims with their charts, and what was published before.
 * A new one is a value; nothing else has to know it.
 *
 * @param experiment which arms are compared
 * @param question what is asked first
 * @param claims what is judged, in the order of the report; the first answers the question
 * @param published what others measured
 */
public record Study(Experiment experiment, Question question, List<Claim> claims, Published published) {
    public Study {
        claims = List.copyOf(claims);
        if (claims.isEmpty()) {
            throw new IllegalArgumentException(
                    "A study makes at least one claim, but \"" + experiment.id() + "\" makes none");
        }
    }

    /** A study of arms of one's own: whether the second ends with lower losses than the first. */
    public static Study of(Experiment experiment) {
        String without = experiment.contenders().get(Evidence.WITHOUT).label();
        String with = experiment.contenders().get(Evidence.WITH).label();
        Question question = new Question(
                Evidence.capital(with) + " ends with a lower validation loss than " + without,
                Evidence.capital(with) + " does not end with a lower validation loss than " + without,
                "These seeds cannot tell whether " + with + " ends with a lower validation loss than " + without,
                EndOfTraining.VALIDATION::quantity,
                EndOfTraining.VALIDATION::chart);
        return new Study(
                experiment,
                question,
                List.of(EndOfTraining.VALIDATION::finding, EndOfTraining.TRAINING::finding),
                Published.NOTHING);
    }

    /** Judges all claims. */
    Chapter chapter(Evidence evidence) {
        List<Finding> findings =
                claims.stream().map(claim -> claim.judge(evidence)).toList();
        Finding answer = findings.get(0);
        Question.Quantity quantity = question.quantity().apply(evidence);
        return evidence.chapter(
                Evidence.headline(quantity.name(), quantity.without(), quantity.with(), answer.support()),
                question.phrase(answer.support()),
                answer.seen(),
                question.picture().apply(evidence),
                findings,
                published);
    }
}
