package bpnn.report;

import bpnn.report.Finding.Support;

/**
 * An experiment in two numbers.
 *
 * @param quantity what was measured
 * @param without its mean without the trick, in words
 * @param with its mean with the trick, in words
 * @param support what that means for the claim that the experiment is about
 */
public record Headline(String quantity, String without, String with, Support support) {}
